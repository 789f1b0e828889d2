//! A feed over a line that breaks, and what is missed for good.

mod support;

use std::error::Error;

use rgrpc::{Channel, Code};
use uses::feed::{Exchange, Watcher};
use uses::proto::feed::v1::WatchRequest;
use uses::proto::feed::v1::prices_client::PricesClient;
use uses::proto::feed::v1::prices_server::PricesServer;

use support::{Line, served};

#[tokio::test]
async fn every_quote_arrives_once_however_often_the_line_breaks() -> Result<(), Box<dyn Error>> {
    let exchange = Exchange::default();
    let server = served(rgrpc::serve("127.0.0.1:0").service(PricesServer::new(exchange.clone()))).await?;
    let line = Line::new(server, 2000).await?;
    let mut watcher = Watcher::new(PricesClient::new(line.channel()?));
    exchange.publish("ACME", 0);
    let mut last = watcher.next().await?.number;
    for cents in 1..=300 {
        exchange.publish("ACME", cents);
        let quote = watcher.next().await?;
        assert_eq!((quote.number, quote.cents), (last + 1, cents));
        last = quote.number;
    }
    assert!(line.carried() > 8000, "the line never broke");
    Ok(())
}

#[tokio::test]
async fn a_watcher_begins_with_what_there_is_and_hears_what_comes() -> Result<(), Box<dyn Error>> {
    let exchange = Exchange::default();
    exchange.publish("ACME", 1);
    let mut watcher = Watcher::new(PricesClient::new(Channel::new(PricesServer::new(exchange.clone()))));
    assert_eq!(watcher.next().await?.cents, 1);
    let (quote, ()) = tokio::join!(watcher.next(), async { exchange.publish("ACME", 2) });
    assert_eq!(quote?.cents, 2);
    Ok(())
}

#[tokio::test]
async fn what_is_not_kept_any_more_is_told() -> Result<(), Box<dyn Error>> {
    let exchange = Exchange::default();
    let prices = PricesClient::new(Channel::new(PricesServer::new(exchange.clone())));
    (0..1001).for_each(|cents| exchange.publish("ACME", cents));
    let mut missed = prices.watch(WatchRequest { after: 0 }).await?.into_inner();
    // From zero means from what there is.
    let quote = missed.message().await?.ok_or("the call has ended")?;
    assert_eq!(quote.cents, 1);
    (0..1000).for_each(|cents| exchange.publish("ACME", cents));
    // Too old, and of a server whose clock was ahead.
    for after in [quote.number, quote.number + 2000] {
        let mut missed = prices.watch(WatchRequest { after }).await?.into_inner();
        assert_eq!(missed.message().await.unwrap_err().code(), Code::OutOfRange, "{after}");
    }
    Ok(())
}

#[tokio::test]
async fn the_gap_that_a_server_leaves_that_is_started_again_is_told() -> Result<(), Box<dyn Error>> {
    let exchange = Exchange::default();
    let prices = PricesClient::new(Channel::new(PricesServer::new(exchange.clone())));
    exchange.publish("ACME", 1);
    let mut quotes = prices.watch(WatchRequest { after: 0 }).await?.into_inner();
    let after = quotes.message().await?.ok_or("the call has ended")?.number;

    let again = Exchange::default();
    let prices = PricesClient::new(Channel::new(PricesServer::new(again.clone())));
    // Before it has a quote, and when it has as many as the one before.
    for _ in 0..3 {
        let mut quotes = prices.watch(WatchRequest { after }).await?.into_inner();
        assert_eq!(quotes.message().await.unwrap_err().code(), Code::OutOfRange);
        again.publish("ACME", 2);
    }
    Ok(())
}
