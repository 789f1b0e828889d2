//! A feed over a connection that breaks, and with quotes that are lost.

mod support;

use std::error::Error;

use rgrpc::{Channel, Code};
use uses::feed::{Exchange, Watcher};
use uses::proto::feed::v1::WatchRequest;
use uses::proto::feed::v1::prices_client::PricesClient;
use uses::proto::feed::v1::prices_server::PricesServer;

use support::{Proxy, serve};

#[tokio::test]
async fn every_quote_is_received_once_however_often_the_connection_is_lost() -> Result<(), Box<dyn Error>> {
    let exchange = Exchange::default();
    let server = serve(rgrpc::serve("127.0.0.1:0").service(PricesServer::new(exchange.clone()))).await?;
    let proxy = Proxy::new(server, 2000).await?;
    let mut watcher = Watcher::new(PricesClient::new(proxy.channel()?));
    exchange.publish("ACME", 0);
    let mut last = watcher.next().await?.number;
    for cents in 1..=300 {
        exchange.publish("ACME", cents);
        let quote = watcher.next().await?;
        assert_eq!((quote.number, quote.cents), (last + 1, cents));
        last = quote.number;
    }
    assert!(proxy.forwarded() > 8000, "the connection was never lost");
    Ok(())
}

#[tokio::test]
async fn a_watcher_receives_past_and_future_quotes() -> Result<(), Box<dyn Error>> {
    let exchange = Exchange::default();
    exchange.publish("ACME", 1);
    let mut watcher = Watcher::new(PricesClient::new(Channel::new(PricesServer::new(exchange.clone()))));
    assert_eq!(watcher.next().await?.cents, 1);
    let (quote, ()) = tokio::join!(watcher.next(), async { exchange.publish("ACME", 2) });
    assert_eq!(quote?.cents, 2);
    Ok(())
}

#[tokio::test]
async fn quotes_that_are_no_longer_kept_are_out_of_range() -> Result<(), Box<dyn Error>> {
    let exchange = Exchange::default();
    let prices = PricesClient::new(Channel::new(PricesServer::new(exchange.clone())));
    (0..1001).for_each(|cents| exchange.publish("ACME", cents));
    let mut missed = prices.watch(WatchRequest { after: 0 }).await?.into_inner();
    // Zero means the oldest quote that is kept.
    let quote = missed.message().await?.ok_or("the call has ended")?;
    assert_eq!(quote.cents, 1);
    (0..1000).for_each(|cents| exchange.publish("ACME", cents));
    // One number is too old; the other is from a server whose clock was ahead.
    for after in [quote.number, quote.number + 2000] {
        let mut missed = prices.watch(WatchRequest { after }).await?.into_inner();
        assert_eq!(missed.message().await.unwrap_err().code(), Code::OutOfRange, "{after}");
    }
    Ok(())
}

#[tokio::test]
async fn quotes_of_an_earlier_server_are_out_of_range() -> Result<(), Box<dyn Error>> {
    let exchange = Exchange::default();
    let prices = PricesClient::new(Channel::new(PricesServer::new(exchange.clone())));
    exchange.publish("ACME", 1);
    let mut quotes = prices.watch(WatchRequest { after: 0 }).await?.into_inner();
    let after = quotes.message().await?.ok_or("the call has ended")?.number;

    let restarted = Exchange::default();
    let prices = PricesClient::new(Channel::new(PricesServer::new(restarted.clone())));
    // Whether the restarted server has fewer quotes than the earlier one, as many, or more.
    for _ in 0..3 {
        let mut quotes = prices.watch(WatchRequest { after }).await?.into_inner();
        assert_eq!(quotes.message().await.unwrap_err().code(), Code::OutOfRange);
        restarted.publish("ACME", 2);
    }
    Ok(())
}
