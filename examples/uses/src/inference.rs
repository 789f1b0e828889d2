//! A model behind a service, which answers the concurrent questions of many calls in batches.

use std::time::Duration;

use rgrpc::{Request, Response, ServerStream, Status, Streaming};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};
use tokio_stream::wrappers::ReceiverStream;

use crate::proto::inference::v1::inference_server::Inference;
use crate::proto::inference::v1::{Answer, Question};

/// A model that answers a batch of questions in about the time of one.
pub trait Model: Send + 'static {
    /// Returns one answer per question, in the same order.
    fn answer(&mut self, questions: &[String]) -> Vec<String>;
}

/// The settings of batching.
#[derive(Debug, Clone, Copy)]
pub struct Batching {
    /// The largest number of questions in a batch.
    pub max_size: usize,
    /// The time for which the first question of a batch waits for others.
    pub max_wait: Duration,
}

/// A question, the channel for answers of its call, and a reserved slot in that channel.
struct Pending {
    question: Question,
    answers: mpsc::Sender<Result<Answer, Status>>,
    slot: mpsc::OwnedPermit<Result<Answer, Status>>,
}

/// The server, in which one task runs the model for all calls.
#[derive(Debug, Clone)]
pub struct Questions {
    queue: mpsc::Sender<Pending>,
}

impl Questions {
    /// Starts the task, which ends when the last clone of the server is dropped.
    #[must_use]
    pub fn new(model: impl Model, batching: Batching) -> Self {
        let (queue, questions) = mpsc::channel(batching.max_size);
        tokio::spawn(answer_all(model, batching, questions));
        Self { queue }
    }
}

impl Inference for Questions {
    async fn ask(&self, request: Request<Streaming<Question>>) -> Result<Response<impl ServerStream<Answer>>, Status> {
        let (answers, receiver) = mpsc::channel(16);
        let (queue, mut questions) = (self.queue.clone(), request.into_inner());
        tokio::spawn(async move {
            // A slot is reserved before a question is read, so that a caller that does not read answers cannot ask more.
            while let Ok(slot) = answers.clone().reserve_owned().await {
                let question = match questions.message().await {
                    Ok(Some(question)) => question,
                    Ok(None) => break,
                    Err(status) => return drop(slot.send(Err(status))),
                };
                // This waits while the queue is full.
                let pending = Pending { question, answers: answers.clone(), slot };
                if let Err(unsent) = queue.send(pending).await {
                    return drop(unsent.0.slot.send(Err(stopped())));
                }
            }
        });
        // The stream ends when the last sender is dropped: that of the task, or that of the last pending question.
        Ok(Response::new(ReceiverStream::new(receiver)))
    }
}

async fn answer_all(mut model: impl Model, batching: Batching, mut questions: mpsc::Receiver<Pending>) {
    while let Some(first) = questions.recv().await {
        let batch = batch(first, batching, &mut questions).await;
        // Questions of clients that are gone are skipped.
        let batch: Vec<Pending> = batch.into_iter().filter(|pending| !pending.answers.is_closed()).collect();
        let texts: Vec<String> = batch.iter().map(|pending| pending.question.text.clone()).collect();
        let answering = tokio::task::spawn_blocking(move || {
            let answers = model.answer(&texts);
            (model, answers)
        });
        let Ok((returned, answers)) = answering.await else {
            // The model has panicked, and its state is lost.
            for Pending { slot, .. } in batch {
                slot.send(Err(stopped()));
            }
            return;
        };
        model = returned;
        // With any other number of answers, it is unknown which answer belongs to which question.
        let answers: Vec<_> = if answers.len() == batch.len() {
            answers.into_iter().map(Ok).collect()
        } else {
            vec![Err(Status::internal("the model did not answer each question")); batch.len()]
        };
        for (Pending { question: Question { id, .. }, slot, .. }, answer) in batch.into_iter().zip(answers) {
            slot.send(answer.map(|text| Answer { id, text }));
        }
    }
}

fn stopped() -> Status {
    Status::unavailable("the model has stopped")
}

/// Collects a batch: the first question, and those that arrive while it waits.
async fn batch(
    first: Pending,
    Batching { max_size, max_wait }: Batching,
    questions: &mut mpsc::Receiver<Pending>,
) -> Vec<Pending> {
    let (until, mut batch) = (Instant::now() + max_wait, vec![first]);
    while batch.len() < max_size {
        match timeout_at(until, questions.recv()).await {
            Ok(Some(pending)) => batch.push(pending),
            Ok(None) | Err(_) => break,
        }
    }
    batch
}
