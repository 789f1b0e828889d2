// A server of grpc-go: `server ADDRESS [CERT KEY]` prints its target. ADDRESS is `tcp` or `unix:PATH`.
package main

import (
	"context"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	_ "google.golang.org/grpc/encoding/gzip"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"interop/peer"
	pb "interop/testing"
)

type service struct {
	pb.UnimplementedTestServiceServer
}

func (service) EmptyCall(context.Context, *pb.Empty) (*pb.Empty, error) {
	return &pb.Empty{}, nil
}

func (service) UnaryCall(ctx context.Context, request *pb.SimpleRequest) (*pb.SimpleResponse, error) {
	headers, trailers := echoes(ctx)
	if err := grpc.SetHeader(ctx, headers); err != nil {
		return nil, err
	}
	if err := grpc.SetTrailer(ctx, trailers); err != nil {
		return nil, err
	}
	if err := checkCompression(ctx, request.ExpectCompressed); err != nil {
		return nil, err
	}
	if err := requested(request.ResponseStatus); err != nil {
		return nil, err
	}
	return &pb.SimpleResponse{Payload: peer.Payload(request.ResponseSize)}, nil
}

func (service) CacheableUnaryCall(ctx context.Context, _ *pb.SimpleRequest) (*pb.SimpleResponse, error) {
	if err := grpc.SetHeader(ctx, metadata.Pairs("cache-control", "max-age=60, public")); err != nil {
		return nil, err
	}
	return &pb.SimpleResponse{Payload: &pb.Payload{Body: []byte(time.Now().String())}}, nil
}

func (service) StreamingOutputCall(request *pb.StreamingOutputCallRequest, stream pb.TestService_StreamingOutputCallServer) error {
	if err := respond(request, stream.Send); err != nil {
		return err
	}
	return requested(request.ResponseStatus)
}

func (service) StreamingInputCall(stream pb.TestService_StreamingInputCallServer) error {
	var sum int32
	for {
		request, err := stream.Recv()
		if err == io.EOF {
			return stream.SendAndClose(&pb.StreamingInputCallResponse{AggregatedPayloadSize: sum})
		}
		if err != nil {
			return err
		}
		if err := checkCompression(stream.Context(), request.ExpectCompressed); err != nil {
			return err
		}
		sum += int32(len(request.GetPayload().GetBody()))
	}
}

func (service) FullDuplexCall(stream pb.TestService_FullDuplexCallServer) error {
	headers, trailers := echoes(stream.Context())
	if err := stream.SetHeader(headers); err != nil {
		return err
	}
	stream.SetTrailer(trailers)
	for {
		request, err := stream.Recv()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if err := requested(request.ResponseStatus); err != nil {
			return err
		}
		if err := respond(request, stream.Send); err != nil {
			return err
		}
	}
}

func respond(request *pb.StreamingOutputCallRequest, send func(*pb.StreamingOutputCallResponse) error) error {
	for _, parameters := range request.ResponseParameters {
		time.Sleep(time.Duration(parameters.IntervalUs) * time.Microsecond)
		if err := send(&pb.StreamingOutputCallResponse{Payload: peer.Payload(parameters.Size)}); err != nil {
			return err
		}
	}
	return nil
}

// requested returns the status that a request asks for.
func requested(echo *pb.EchoStatus) error {
	return status.Error(codes.Code(echo.GetCode()), echo.GetMessage())
}

// checkCompression fails if the request says whether it is compressed, and the last message was not sent so.
func checkCompression(ctx context.Context, expected *pb.BoolValue) error {
	if expected != nil && expected.Value != peer.LastWasCompressed(ctx) {
		return status.Error(codes.InvalidArgument, "the request does not have the expected compression")
	}
	return nil
}

func echoes(ctx context.Context) (headers, trailers metadata.MD) {
	sent, _ := metadata.FromIncomingContext(ctx)
	echo := func(key string) metadata.MD {
		if values := sent.Get(key); len(values) > 0 {
			return metadata.MD{key: values}
		}
		return metadata.MD{}
	}
	return echo(peer.Initial), echo(peer.Trailing)
}

func main() {
	where, network, address := os.Args[1], "tcp", "127.0.0.1:0"
	if path := strings.TrimPrefix(where, "unix:"); path != where {
		network, address = "unix", path
	}
	listener, err := net.Listen(network, address)
	if err != nil {
		log.Fatal(err)
	}
	options := []grpc.ServerOption{grpc.StatsHandler(peer.Watcher{})}
	if len(os.Args) > 3 {
		pair, err := credentials.NewServerTLSFromFile(os.Args[2], os.Args[3])
		if err != nil {
			log.Fatal(err)
		}
		options = append(options, grpc.Creds(pair))
	}
	if network == "tcp" {
		where = listener.Addr().String()
	}
	fmt.Println(where)
	server := grpc.NewServer(options...)
	pb.RegisterTestServiceServer(server, &service{})
	log.Fatal(server.Serve(listener))
}
