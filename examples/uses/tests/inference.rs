//! The questions of several calls, and the batches in which the model answers them.

use std::error::Error;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rgrpc::{Channel, Code};
use tokio::task::JoinSet;
use tokio::time::Instant;
use uses::inference::{Batching, Model, Questions};
use uses::proto::inference::v1::inference_client::InferenceClient;
use uses::proto::inference::v1::inference_server::InferenceServer;
use uses::proto::inference::v1::{Answer, Question};

const MAX_WAIT: Duration = Duration::from_millis(10);

/// Answers with the question in capitals, and records the sizes of batches. The questions `skip`, `twice` and `panic` make it misbehave.
#[derive(Clone, Default)]
struct Uppercase(Arc<Mutex<Vec<usize>>>);

impl Model for Uppercase {
    fn answer(&mut self, questions: &[String]) -> Vec<String> {
        self.0.lock().unwrap().push(questions.len());
        assert!(!questions.contains(&"panic".to_owned()), "a question asked for it");
        let times = |question: &str| match question {
            "skip" => 0,
            "twice" => 2,
            _ => 1,
        };
        questions.iter().flat_map(|question| vec![question.to_uppercase(); times(question)]).collect()
    }
}

fn model() -> (Uppercase, InferenceClient) {
    let model = Uppercase::default();
    let questions = Questions::new(model.clone(), Batching { max_size: 8, max_wait: MAX_WAIT });
    (model, InferenceClient::new(Channel::new(InferenceServer::new(questions))))
}

fn question(id: u64, text: &str) -> Question {
    Question { id, text: text.to_owned() }
}

#[tokio::test(start_paused = true)]
async fn questions_of_many_calls_are_answered_together() -> Result<(), Box<dyn Error>> {
    let (model, client) = model();
    let mut calls = JoinSet::new();
    for id in 0..16 {
        let client = client.clone();
        calls.spawn(async move {
            let mut answers = client.ask(tokio_stream::iter([question(id, "a")])).await?.into_inner();
            Ok::<_, rgrpc::Status>((id, answers.message().await?, answers.message().await?))
        });
    }
    while let Some(call) = calls.join_next().await {
        let (id, answer, end) = call??;
        assert_eq!((answer, end), (Some(Answer { id, text: "A".to_owned() }), None));
    }
    assert_eq!(*model.0.lock().unwrap(), [8, 8]);
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_single_question_waits_no_longer_than_the_limit() -> Result<(), Box<dyn Error>> {
    let (model, client) = model();
    let start = Instant::now();
    let mut answers = client.ask(tokio_stream::iter([question(1, "a")])).await?.into_inner();
    answers.message().await?;
    assert!(start.elapsed() < MAX_WAIT * 2, "{:?}", start.elapsed());
    assert_eq!(*model.0.lock().unwrap(), [1]);
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn the_questions_of_one_call_may_be_answered_together_too() -> Result<(), Box<dyn Error>> {
    let (model, client) = model();
    let questions: Vec<_> = (0..20).map(|id| question(id, "a")).collect();
    let mut answers = client.ask(tokio_stream::iter(questions)).await?.into_inner();
    let mut answered = Vec::new();
    while let Some(answer) = answers.message().await? {
        answered.push(answer.id);
    }
    answered.sort_unstable();
    assert_eq!(answered, (0..20).collect::<Vec<_>>());
    assert_eq!(*model.0.lock().unwrap(), [8, 8, 4]);
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_caller_that_reads_no_answers_cannot_ask_more() -> Result<(), Box<dyn Error>> {
    let (model, client) = model();
    let answers = client.ask(tokio_stream::iter((0..1000).map(|id| question(id, "a")))).await?;
    tokio::time::sleep(MAX_WAIT * 100).await;
    let asked: usize = model.0.lock().unwrap().iter().sum();
    assert!((1..100).contains(&asked), "the model was asked {asked} questions");
    let mut answers = answers.into_inner();
    let mut answered = 0;
    while answers.message().await?.is_some() {
        answered += 1;
    }
    assert_eq!(answered, 1000);
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_panic_of_the_model_fails_the_waiting_calls() -> Result<(), Box<dyn Error>> {
    let (_, client) = model();
    let mut answers = client.ask(tokio_stream::iter([question(1, "panic")])).await?.into_inner();
    let status = answers.message().await.unwrap_err();
    assert_eq!((status.code(), status.message()), (Code::Unavailable, "the model has stopped"));
    Ok(())
}

#[tokio::test(start_paused = true)]
async fn a_wrong_number_of_answers_fails_the_batch_but_not_the_next_one() -> Result<(), Box<dyn Error>> {
    for text in ["skip", "twice"] {
        let (_, client) = model();
        let questions = [question(1, "a"), question(2, text), question(3, "b")];
        let mut answers = client.ask(tokio_stream::iter(questions)).await?.into_inner();
        let status = answers.message().await.unwrap_err();
        assert_eq!((status.code(), status.message()), (Code::Internal, "the model did not answer each question"));
        let mut answers = client.ask(tokio_stream::iter([question(4, "a")])).await?.into_inner();
        assert_eq!(answers.message().await?, Some(Answer { id: 4, text: "A".to_owned() }));
    }
    Ok(())
}
