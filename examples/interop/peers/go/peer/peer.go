// Package peer has what the client and the server share.
package peer

import (
	"context"

	"google.golang.org/grpc/stats"

	pb "interop/testing"
)

// Metadata that a server sends back, in its headers and in its trailers.
const (
	Initial  = "x-grpc-test-echo-initial"
	Trailing = "x-grpc-test-echo-trailing-bin"
)

// Payload is zeros, which compress well.
func Payload(size int32) *pb.Payload {
	return &pb.Payload{Body: make([]byte, size)}
}

type key struct{}

// LastWasCompressed says so of the last message that a server's call has received.
func LastWasCompressed(ctx context.Context) bool {
	return *ctx.Value(key{}).(*bool)
}

// Watcher sees by the sizes on the wire which requests are compressed: Go hides their flags.
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
