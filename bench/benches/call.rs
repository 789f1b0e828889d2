//! Measures calls in process with criterion: `cargo bench -p bench`.

use bench::echo::{Echo, sizes};
use bench::proto::bench::v1::echo_client::EchoClient as RgrpcClient;
use bench::proto::bench::v1::echo_server::EchoServer as RgrpcServer;
use bench::tonic_stubs::echo_client::EchoClient as TonicClient;
use bench::tonic_stubs::echo_server::EchoServer as TonicServer;
use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use tokio::runtime::Builder;

fn unary(criterion: &mut Criterion) {
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    let (ours, theirs) = (RgrpcClient::new(RgrpcServer::new(Echo)), TonicClient::new(TonicServer::new(Echo)));
    for (size, message) in sizes() {
        let mut group = criterion.benchmark_group(format!("unary {size}"));
        group.bench_function("rgrpc", |bencher| {
            let call = |request| runtime.block_on(ours.once(request).into_future());
            bencher.iter_batched(|| message.clone(), call, BatchSize::SmallInput);
        });
        group.bench_function("tonic", |bencher| {
            let call = |request| runtime.block_on(theirs.clone().once(request));
            bencher.iter_batched(|| message.clone(), call, BatchSize::SmallInput);
        });
        group.finish();
    }
}

criterion_group!(calls, unary);
criterion_main!(calls);
