//! The instruments with their attributes, units and buckets.

use std::collections::BTreeMap;

use opentelemetry_sdk::metrics::data::{AggregatedMetrics, MetricData};
use tokio_stream::StreamExt;

use crate::support::user_v1::user_service_client::UserServiceClient;
use crate::support::{request, user};
use crate::{Recorded, WAYS, Way, nothing, recorded};

#[tokio::test]
async fn instruments_and_attributes_are_those_of_the_table_for_all_four_kinds() {
    for way in WAYS {
        let sdk = Recorded::new();
        let (channel, target) = recorded(way, &sdk, |server| server, nothing()).await;
        let client = UserServiceClient::new(channel);
        client.get_user(request("7")).await.unwrap();
        client.get_user(request("")).await.unwrap_err();
        client.create_users(tokio_stream::iter([user("a", 1), user("b", 2)])).await.unwrap();
        let _: Vec<_> = client.list_users(request("7")).await.unwrap().into_inner().collect().await;
        let _: Vec<_> = client.chat(tokio_stream::iter([user("a", 1)])).await.unwrap().into_inner().collect().await;
        let points = sdk.served(5).await;

        let address = match way {
            Way::Socket => {
                let port = target.rsplit(':').next().unwrap();
                format!(" server.address=127.0.0.1 server.port={port}")
            }
            Way::InProcess => String::new(),
        };
        let mut expected = BTreeMap::new();
        for (method, status, sent, received) in [
            ("GetUser", "OK", 3, 14),
            ("GetUser", "NOT_FOUND", 0, 0),
            ("CreateUsers", "OK", 10, 7),
            ("ListUsers", "OK", 3, 13),
            ("Chat", "OK", 5, 5),
        ] {
            let method = format!("user.v1.UserService/{method}");
            let of_client = format!("grpc.method={method} grpc.status={status} grpc.target={target}");
            let of_server = format!("grpc.method={method} grpc.status={status}");
            let started = [
                format!("grpc.client.attempt.started grpc.method={method} grpc.target={target}"),
                format!("grpc.server.call.started grpc.method={method}"),
            ];
            for started in started {
                *expected.entry(started).or_insert(0.0) += 1.0;
            }
            let error = if status == "OK" { "" } else { "error.type=NOT_FOUND " };
            let rpc = format!("rpc.method={method} rpc.response.status_code={status} rpc.system.name=grpc");
            for (name, sum) in [
                (format!("grpc.client.attempt.duration {of_client}"), None),
                (format!("grpc.client.attempt.sent_total_compressed_message_size {of_client}"), Some(sent)),
                (format!("grpc.client.attempt.rcvd_total_compressed_message_size {of_client}"), Some(received)),
                (format!("grpc.client.call.duration {of_client}"), None),
                (format!("grpc.server.call.duration {of_server}"), None),
                (format!("grpc.server.call.sent_total_compressed_message_size {of_server}"), Some(received)),
                (format!("grpc.server.call.rcvd_total_compressed_message_size {of_server}"), Some(sent)),
                (format!("rpc.client.call.duration {error}{rpc}{address}"), None),
                (format!("rpc.server.call.duration {rpc}"), None),
            ] {
                let point = points.get(&name).unwrap_or_else(|| panic!("{way:?}: no {name} in {points:#?}"));
                assert_eq!(point.count, 1, "{name}");
                if let Some(sum) = sum {
                    assert_eq!(point.sum, f64::from(sum), "{way:?} {name}");
                }
                expected.insert(name, point.sum);
            }
        }
        let sums: BTreeMap<_, _> = points.into_iter().map(|(name, point)| (name, point.sum)).collect();
        assert_eq!(sums, expected, "{way:?}");
    }
}

#[tokio::test]
async fn units_and_bounds_are_those_of_the_table() {
    let sdk = Recorded::new();
    let (channel, _) = recorded(Way::InProcess, &sdk, |server| server, nothing()).await;
    UserServiceClient::new(channel).get_user(request("7")).await.unwrap();
    let described = sdk.metrics(|metric| {
        let bounds = match metric.data() {
            AggregatedMetrics::F64(MetricData::Histogram(histogram)) => {
                histogram.data_points().next().map(|point| point.bounds().collect::<Vec<_>>())
            }
            AggregatedMetrics::U64(MetricData::Histogram(histogram)) => {
                histogram.data_points().next().map(|point| point.bounds().collect::<Vec<_>>())
            }
            _ => None,
        };
        assert!(!metric.description().is_empty());
        let bounds = bounds.unwrap_or_default();
        format!("{} {} {} {:?} {:?}", metric.name(), metric.unit(), bounds.len(), bounds.get(1), bounds.last())
    });
    let latency = "s 41 Some(1e-5) Some(100.0)";
    let size = "By 14 Some(1024.0) Some(4294967296.0)";
    let rpc = "s 14 Some(0.01) Some(10.0)";
    let mut expected = vec![
        "grpc.client.attempt.started {attempt} 0 None None".to_owned(),
        "grpc.server.call.started {call} 0 None None".to_owned(),
        format!("grpc.client.attempt.duration {latency}"),
        format!("grpc.client.call.duration {latency}"),
        format!("grpc.server.call.duration {latency}"),
        format!("grpc.client.attempt.sent_total_compressed_message_size {size}"),
        format!("grpc.client.attempt.rcvd_total_compressed_message_size {size}"),
        format!("grpc.server.call.sent_total_compressed_message_size {size}"),
        format!("grpc.server.call.rcvd_total_compressed_message_size {size}"),
        format!("rpc.client.call.duration {rpc}"),
        format!("rpc.server.call.duration {rpc}"),
    ];
    expected.sort();
    let mut described = described;
    described.sort();
    assert_eq!(described, expected);
}
