// A client of grpc-go: `client TARGET CA CASE...` runs the cases and prints the outcome of each. A CA of `-` means plain text.
package main

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/encoding/gzip"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"interop/peer"
	pb "interop/testing"
)

const (
	special = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n"
	timeout = 20 * time.Second
)

var (
	target, ca = os.Args[1], os.Args[2]
	channel    = connect()
	stub       = pb.NewTestServiceClient(channel)
)

// ensure fails the case unless the claim holds.
func ensure(claim bool, format string, values ...interface{}) {
	if !claim {
		panic(fmt.Errorf(format, values...))
	}
}

func must(err error) {
	ensure(err == nil, "%v", err)
}

func connect() *grpc.ClientConn {
	options := []grpc.DialOption{grpc.WithInsecure()}
	if ca != "-" {
		trusted, err := credentials.NewClientTLSFromFile(ca, "localhost")
		must(err)
		options[0] = grpc.WithTransportCredentials(trusted)
	}
	channel, err := grpc.Dial(target, options...)
	must(err)
	return channel
}

// within runs a call with a timeout.
func within(limit time.Duration, call func(context.Context)) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	call(ctx)
}

func expect(err error, code codes.Code, message string) {
	ensure(status.Code(err) == code && status.Convert(err).Message() == message, "the status is %v", err)
}

func expectCode(err error, code codes.Code) {
	ensure(status.Code(err) == code, "the status is %v", err)
}

func large() *pb.SimpleRequest {
	return &pb.SimpleRequest{ResponseSize: 314159, Payload: peer.Payload(271828)}
}

func sized(response, request int32) *pb.StreamingOutputCallRequest {
	parameters := []*pb.ResponseParameters{{Size: response}}
	return &pb.StreamingOutputCallRequest{ResponseParameters: parameters, Payload: peer.Payload(request)}
}

func unary(stub pb.TestServiceClient, request *pb.SimpleRequest, options ...grpc.CallOption) (err error) {
	within(timeout, func(ctx context.Context) {
		var response *pb.SimpleResponse
		if response, err = stub.UnaryCall(ctx, request, options...); err == nil {
			hasSize(response.Payload, request.ResponseSize)
		}
	})
	return
}

func hasSize(payload *pb.Payload, size int32) {
	ensure(len(payload.GetBody()) == int(size), "a response has %d bytes, not %d", len(payload.GetBody()), size)
}

// expectSizes reads responses of these sizes, and then the end of the stream.
func expectSizes(receive func() (*pb.StreamingOutputCallResponse, error), sizes ...int32) {
	for _, size := range sizes {
		response, err := receive()
		must(err)
		hasSize(response.Payload, size)
	}
	_, err := receive()
	ensure(err == io.EOF, "after the last response: %v", err)
}

func duplex(call func(pb.TestService_FullDuplexCallClient)) {
	within(timeout, func(ctx context.Context) {
		stream, err := stub.FullDuplexCall(ctx)
		must(err)
		call(stream)
	})
}

func echoed(message string) {
	asked := &pb.EchoStatus{Code: int32(codes.Unknown), Message: message}
	err := unary(stub, &pb.SimpleRequest{ResponseStatus: asked})
	expect(err, codes.Unknown, message)
	duplex(func(stream pb.TestService_FullDuplexCallClient) {
		must(stream.Send(&pb.StreamingOutputCallRequest{ResponseStatus: asked}))
		must(stream.CloseSend())
		_, err := stream.Recv()
		expect(err, codes.Unknown, message)
	})
}

func hasEcho(metadata metadata.MD, key, value string) {
	found := metadata.Get(key)
	ensure(len(found) == 1 && found[0] == value, "%s is %q", key, found)
}

// raw is a codec that sends bytes as they are.
type raw struct{}

func (raw) Marshal(v interface{}) ([]byte, error) { return v.([]byte), nil }

func (raw) Unmarshal(data []byte, v interface{}) error { return nil }

func (raw) Name() string { return "proto" }

var cases = map[string]func(){
	"empty_unary": func() {
		within(timeout, func(ctx context.Context) {
			_, err := stub.EmptyCall(ctx, &pb.Empty{})
			must(err)
		})
	},
	"cacheable_unary": func() {
		for call := 0; call < 2; call++ {
			within(timeout, func(ctx context.Context) {
				var headers metadata.MD
				ctx = metadata.AppendToOutgoingContext(ctx, "x-user-ip", "1.2.3.4")
				_, err := stub.CacheableUnaryCall(ctx, &pb.SimpleRequest{}, grpc.Header(&headers))
				must(err)
				hasEcho(headers, "cache-control", "max-age=60, public")
			})
		}
	},
	"large_unary": func() {
		err := unary(stub, large())
		must(err)
	},
	"client_compressed_unary": func() {
		request := large()
		request.ExpectCompressed = &pb.BoolValue{Value: true}
		err := unary(stub, request)
		expectCode(err, codes.InvalidArgument)
		err = unary(stub, request, grpc.UseCompressor(gzip.Name))
		must(err)
		request.ExpectCompressed.Value = false
		err = unary(stub, request)
		must(err)
	},
	"client_streaming": func() {
		within(timeout, func(ctx context.Context) {
			stream, err := stub.StreamingInputCall(ctx)
			must(err)
			for _, size := range []int32{27182, 8, 1828, 45904} {
				must(stream.Send(&pb.StreamingInputCallRequest{Payload: peer.Payload(size)}))
			}
			response, err := stream.CloseAndRecv()
			must(err)
			ensure(response.AggregatedPayloadSize == 74922, "the sum of the sizes is %d", response.AggregatedPayloadSize)
		})
	},
	"server_streaming": func() {
		within(timeout, func(ctx context.Context) {
			request := &pb.StreamingOutputCallRequest{}
			sizes := []int32{31415, 9, 2653, 58979}
			for _, size := range sizes {
				request.ResponseParameters = append(request.ResponseParameters, &pb.ResponseParameters{Size: size})
			}
			stream, err := stub.StreamingOutputCall(ctx, request)
			must(err)
			expectSizes(stream.Recv, sizes...)
		})
	},
	"ping_pong": func() {
		duplex(func(stream pb.TestService_FullDuplexCallClient) {
			for _, sizes := range [][2]int32{{31415, 27182}, {9, 8}, {2653, 1828}, {58979, 45904}} {
				must(stream.Send(sized(sizes[0], sizes[1])))
				response, err := stream.Recv()
				must(err)
				hasSize(response.Payload, sizes[0])
			}
			must(stream.CloseSend())
			expectSizes(stream.Recv)
		})
	},
	"empty_stream": func() {
		duplex(func(stream pb.TestService_FullDuplexCallClient) {
			must(stream.CloseSend())
			expectSizes(stream.Recv)
		})
	},
	"custom_metadata": func() {
		within(timeout, func(ctx context.Context) {
			ctx = metadata.AppendToOutgoingContext(ctx, peer.Initial, "test_initial_metadata_value", peer.Trailing, "\xab\xab\xab")
			var headers, trailers metadata.MD
			_, err := stub.UnaryCall(ctx, large(), grpc.Header(&headers), grpc.Trailer(&trailers))
			must(err)
			hasEcho(headers, peer.Initial, "test_initial_metadata_value")
			hasEcho(trailers, peer.Trailing, "\xab\xab\xab")
			stream, err := stub.FullDuplexCall(ctx)
			must(err)
			must(stream.Send(sized(314159, 271828)))
			must(stream.CloseSend())
			expectSizes(stream.Recv, 314159)
			headers, err = stream.Header()
			must(err)
			hasEcho(headers, peer.Initial, "test_initial_metadata_value")
			hasEcho(stream.Trailer(), peer.Trailing, "\xab\xab\xab")
		})
	},
	"status_code_and_message": func() { echoed("test status message") },
	"special_status_message":  func() { echoed(special) },
	"unimplemented_method": func() {
		within(timeout, func(ctx context.Context) {
			_, err := stub.UnimplementedCall(ctx, &pb.Empty{})
			expectCode(err, codes.Unimplemented)
		})
	},
	"unimplemented_service": func() {
		within(timeout, func(ctx context.Context) {
			_, err := pb.NewUnimplementedServiceClient(channel).UnimplementedCall(ctx, &pb.Empty{})
			expectCode(err, codes.Unimplemented)
		})
	},
	"cancel_after_begin": func() {
		ctx, cancel := context.WithCancel(context.Background())
		stream, err := stub.StreamingInputCall(ctx)
		must(err)
		cancel()
		_, err = stream.CloseAndRecv()
		expectCode(err, codes.Canceled)
	},
	"cancel_after_first_response": func() {
		ctx, cancel := context.WithCancel(context.Background())
		stream, err := stub.FullDuplexCall(ctx)
		must(err)
		must(stream.Send(sized(31415, 27182)))
		response, err := stream.Recv()
		must(err)
		hasSize(response.Payload, 31415)
		cancel()
		_, err = stream.Recv()
		expectCode(err, codes.Canceled)
	},
	"timeout_on_sleeping_server": func() {
		within(time.Millisecond, func(ctx context.Context) {
			stream, err := stub.FullDuplexCall(ctx)
			if err == nil {
				_ = stream.Send(&pb.StreamingOutputCallRequest{Payload: peer.Payload(27182)})
				_, err = stream.Recv()
			}
			expectCode(err, codes.DeadlineExceeded)
		})
	},
	"rpc_soak": func() {
		for call := 0; call < 200; call++ {
			err := unary(stub, large())
			must(err)
		}
	},
	"channel_soak": func() {
		for call := 0; call < 50; call++ {
			other := connect()
			err := unary(pb.NewTestServiceClient(other), large())
			must(err)
			must(other.Close())
		}
	},
	"every_status_code": func() {
		for code := codes.Canceled; code <= codes.Unauthenticated; code++ {
			err := unary(stub, &pb.SimpleRequest{ResponseStatus: &pb.EchoStatus{Code: int32(code), Message: special}})
			expect(err, code, special)
		}
	},
	"three_megabytes": func() {
		err := unary(stub, &pb.SimpleRequest{ResponseSize: 3000000, Payload: peer.Payload(3000000)})
		must(err)
	},
	"ten_thousand_ping_pongs": func() {
		duplex(func(stream pb.TestService_FullDuplexCallClient) {
			// Sends all requests at once, so that the server's flow control has to hold them back.
			go func() {
				for n := int32(0); n < 10000; n++ {
					if stream.Send(sized(n%100, 0)) != nil {
						return
					}
				}
				_ = stream.CloseSend()
			}()
			sizes := make([]int32, 10000)
			for n := range sizes {
				sizes[n] = int32(n % 100)
			}
			expectSizes(stream.Recv, sizes...)
		})
	},
	"undecodable_request": func() {
		within(timeout, func(ctx context.Context) {
			var response []byte
			request := bytes.Repeat([]byte{0xff}, 3)
			err := channel.Invoke(ctx, "/grpc.testing.TestService/UnaryCall", request, response, grpc.ForceCodec(raw{}))
			expectCode(err, codes.Internal)
		})
	},
}

// outcome runs a case, and returns `ok` or why it failed.
func outcome(name string) (line string) {
	defer func() {
		if failure := recover(); failure != nil {
			line = "FAILED " + strings.ReplaceAll(fmt.Sprint(failure), "\n", " ")
		}
	}()
	run, ok := cases[name]
	ensure(ok, "unknown case")
	run()
	return "ok"
}

func main() {
	code := 0
	for _, name := range os.Args[3:] {
		line := outcome(name)
		if line != "ok" {
			code = 1
		}
		fmt.Println(name, line)
	}
	os.Exit(code)
}
