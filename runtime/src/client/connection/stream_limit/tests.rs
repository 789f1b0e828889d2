//! Calls begin in the order in which they came, while the server takes more streams.

use std::future::Future;
use std::pin::Pin;
use std::task::Poll;

use super::*;

type Entering = Pin<Box<dyn Future<Output = Option<Slot>>>>;

fn enter(limit: &Arc<StreamLimit>) -> Entering {
    let limit = limit.clone();
    Box::pin(async move { limit.enter().await })
}

fn poll(call: &mut Entering) -> Poll<Option<Slot>> {
    call.as_mut().poll(&mut Context::from_waker(Waker::noop()))
}

/// The slots of those of `calls` that have room by now, with their places in the order.
fn admitted(calls: &mut [Entering]) -> Vec<(usize, Slot)> {
    let admitted = calls.iter_mut().enumerate().filter_map(|(at, call)| match poll(call) {
        Poll::Ready(Some(slot)) => Some((at, slot)),
        Poll::Ready(None) => panic!("the connection is open"),
        Poll::Pending => None,
    });
    admitted.collect()
}

fn places(admitted: &[(usize, Slot)]) -> Vec<usize> {
    admitted.iter().map(|(at, _)| *at).collect()
}

/// The slots of all streams that a server takes which takes `most`, and of the one over the limit; and `waiting` calls that wait.
fn full(most: usize, waiting: usize) -> (Arc<StreamLimit>, Vec<(usize, Slot)>, Vec<Entering>) {
    let limit = StreamLimit::new(most);
    let mut first: Vec<_> = (0..=most).map(|_| enter(&limit)).collect();
    let slots = admitted(&mut first);
    assert_eq!(slots.len(), most + 1);
    let mut calls: Vec<_> = (0..waiting).map(|_| enter(&limit)).collect();
    assert!(admitted(&mut calls).is_empty());
    (limit, slots, calls)
}

fn turn(limit: &Arc<StreamLimit>, most: usize) {
    limit.turn(most, &mut Context::from_waker(Waker::noop()));
}

#[test]
fn calls_begin_in_the_order_in_which_they_came() {
    let (limit, mut slots, mut calls) = full(3, 5);
    for first in 0..5 {
        slots.pop();
        // One comes just as there is room, and is asked before those that wait.
        calls.push(enter(&limit));
        assert!(poll(calls.last_mut().unwrap()).is_pending());
        let next = admitted(&mut calls);
        assert_eq!(places(&next), [0], "after {first}");
        slots.extend(next);
        drop(calls.remove(0));
    }
}

#[test]
fn a_call_that_stopped_waiting_delays_no_other() {
    let (_limit, mut slots, mut calls) = full(3, 4);
    // One goes before there is room, one after it was given some.
    drop(calls.remove(0));
    slots.pop();
    drop(calls.remove(0));
    assert_eq!(places(&admitted(&mut calls)), [0]);
}

#[test]
fn calls_that_stopped_waiting_are_forgotten() {
    let (limit, _slots, mut calls) = full(3, 2);
    for _ in 0..10_000 {
        let mut call = enter(&limit);
        assert!(poll(&mut call).is_pending());
    }
    assert!(limit.with(|streams| streams.waiting.len()) < 20);
    assert!(admitted(&mut calls).is_empty());
}

#[test]
fn waiting_calls_take_all_free_streams() {
    let (_limit, slots, mut calls) = full(3, 6);
    drop(slots);
    assert_eq!(places(&admitted(&mut calls)), [0, 1, 2, 3]);
}

#[test]
fn a_server_that_takes_more_streams_has_more_at_its_next_turn() {
    let (limit, _slots, mut calls) = full(3, 6);
    turn(&limit, 6);
    let more = admitted(&mut calls);
    assert_eq!(places(&more), [0, 1]);
    turn(&limit, 2);
    drop(more);
    drop(calls.drain(..2));
    assert!(admitted(&mut calls).is_empty());
}

#[test]
fn a_burst_begins_in_each_turn_whether_or_not_the_one_before_has_begun() {
    let (limit, mut slots, mut calls) = full(BURST - 1, 2 * BURST);
    for turns in 1..=2 {
        turn(&limit, 10 * BURST);
        assert_eq!(limit.with(|streams| streams.open), (turns + 1) * BURST);
    }
    slots.extend(admitted(&mut calls));
    assert_eq!(slots.len(), 3 * BURST);
}

#[test]
fn calls_that_never_begin_use_up_no_burst() {
    let limit = StreamLimit::new(10 * BURST);
    for _ in 0..2 * BURST {
        assert!(poll(&mut enter(&limit)).is_ready());
    }
}

#[test]
fn nobody_waits_on_a_closed_connection() {
    let (limit, _slots, mut calls) = full(3, 2);
    limit.close();
    calls.push(enter(&limit));
    for call in &mut calls {
        assert!(matches!(poll(call), Poll::Ready(None)));
    }
}
