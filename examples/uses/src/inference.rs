//! A model behind a service: what many callers ask at the same time is answered together.

use std::time::Duration;

use rgrpc::{Request, Response, ServerStream, Status, Streaming};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};
use tokio_stream::wrappers::ReceiverStream;

use crate::proto::inference::v1::inference_server::Inference;
use crate::proto::inference::v1::{Answer, Question};

/// Answers several questions in about the time of one.
pub trait Model: Send + 'static {
    /// One answer for each question, in their order.
    fn answer(&mut self, questions: &[String]) -> Vec<String>;
}

/// How questions are put together.
#[derive(Debug, Clone, Copy)]
pub struct Batching {
    /// How many at most.
    pub most: usize,
    /// How long the first waits for others.
    pub wait: Duration,
}

/// A question, who waits for its answer, and the place that is kept for it.
struct Asked {
    question: Question,
    answers: mpsc::Sender<Result<Answer, Status>>,
    place: mpsc::OwnedPermit<Result<Answer, Status>>,
}

/// The server: one thread asks the model.
#[derive(Debug, Clone)]
pub struct Questions {
    asked: mpsc::Sender<Asked>,
}

impl Questions {
    /// Starts a task, which ends with the last clone of this.
    #[must_use]
    pub fn new(model: impl Model, batching: Batching) -> Self {
        let (asked, questions) = mpsc::channel(batching.most);
        tokio::spawn(answer_all(model, batching, questions));
        Self { asked }
    }
}

impl Inference for Questions {
    async fn ask(&self, request: Request<Streaming<Question>>) -> Result<Response<impl ServerStream<Answer>>, Status> {
        let (answers, sent) = mpsc::channel(16);
        let (asked, mut questions) = (self.asked.clone(), request.into_inner());
        tokio::spawn(async move {
            // Whoever does not read the answers asks no more than there are places for.
            while let Ok(place) = answers.clone().reserve_owned().await {
                let question = match questions.message().await {
                    Ok(Some(question)) => question,
                    Ok(None) => break,
                    Err(status) => return drop(place.send(Err(status))),
                };
                // While the model has enough to do, no more is read.
                let waiting = Asked { question, answers: answers.clone(), place };
                if let Err(unasked) = asked.send(waiting).await {
                    return drop(unasked.0.place.send(Err(ended())));
                }
            }
        });
        // It ends when no question is left that holds the other end.
        Ok(Response::new(ReceiverStream::new(sent)))
    }
}

async fn answer_all(mut model: impl Model, batching: Batching, mut questions: mpsc::Receiver<Asked>) {
    while let Some(first) = questions.recv().await {
        let batch = batch(first, batching, &mut questions).await;
        // Whoever has gone needs no answer.
        let batch: Vec<Asked> = batch.into_iter().filter(|asked| !asked.answers.is_closed()).collect();
        let texts: Vec<String> = batch.iter().map(|asked| asked.question.text.clone()).collect();
        let answered = tokio::task::spawn_blocking(move || {
            let answers = model.answer(&texts);
            (model, answers)
        });
        let Ok((again, answers)) = answered.await else {
            // It has panicked, and is in no state to go on.
            for Asked { place, .. } in batch {
                place.send(Err(ended()));
            }
            return;
        };
        model = again;
        // Which question an answer is for, nobody knows if there are fewer or more.
        let answers: Vec<_> = if answers.len() == batch.len() {
            answers.into_iter().map(Ok).collect()
        } else {
            vec![Err(Status::internal("the model did not answer each question")); batch.len()]
        };
        for (Asked { question: Question { id, .. }, place, .. }, answer) in batch.into_iter().zip(answers) {
            place.send(answer.map(|text| Answer { id, text }));
        }
    }
}

fn ended() -> Status {
    Status::unavailable("the model has ended")
}

/// The question, and those that come while it waits.
async fn batch(first: Asked, Batching { most, wait }: Batching, questions: &mut mpsc::Receiver<Asked>) -> Vec<Asked> {
    let (until, mut batch) = (Instant::now() + wait, vec![first]);
    while batch.len() < most {
        match timeout_at(until, questions.recv()).await {
            Ok(Some(asked)) => batch.push(asked),
            Ok(None) | Err(_) => break,
        }
    }
    batch
}
