// Package peer contains the code that the client and the server share.
package peer

import (
	"context"

	"google.golang.org/grpc/stats"

	pb "interop/testing"
)

// Keys of the request metadata that a server echoes in its headers and in its trailers.
const (
	Initial  = "x-grpc-test-echo-initial"
	Trailing = "x-grpc-test-echo-trailing-bin"
)

// Payload returns a payload of zeros, which compress well.
func Payload(size int32) *pb.Payload {
	return &pb.Payload{Body: make([]byte, size)}
}

type key struct{}

// LastWasCompressed reports whether the last message that the call received was compressed.
func LastWasCompressed(ctx context.Context) bool {
	return *ctx.Value(key{}).(*bool)
}

// Watcher is a stats handler that compares sizes before and after decompression, because grpc-go hides the compressed flag.
type Watcher struct{}

func (Watcher) TagRPC(ctx context.Context, _ *stats.RPCTagInfo) context.Context {
	return context.WithValue(ctx, key{}, new(bool))
}

func (Watcher) HandleRPC(ctx context.Context, event stats.RPCStats) {
	if payload, ok := event.(*stats.InPayload); ok {
		*ctx.Value(key{}).(*bool) = payload.WireLength < payload.Length
	}
}

func (Watcher) TagConn(ctx context.Context, _ *stats.ConnTagInfo) context.Context { return ctx }

func (Watcher) HandleConn(context.Context, stats.ConnStats) {}
