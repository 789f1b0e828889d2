//! A REST gateway in front of a gRPC service, with axum's routes and protobuf's JSON.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::extract::rejection::JsonRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use rgrpc::{Code, Request, Status};

use crate::proto::notes::v1::notes_client::NotesClient;
use crate::proto::notes::v1::notes_server::Notes;
use crate::proto::notes::v1::{GetNoteRequest, ListNotesRequest, ListNotesResponse, Note};

/// The deadline of a call to the service.
const TIMEOUT: Duration = Duration::from_secs(5);

/// Returns the routes, which call the service through `notes`.
pub fn routes(notes: NotesClient) -> Router {
    Router::new()
        .route("/v1/notes", get(list_notes).post(create_note))
        .route("/v1/notes/{id}", get(get_note))
        .with_state(notes)
}

/// An invalid body is an error of the same form as those of the service.
async fn create_note(
    State(notes): State<NotesClient>,
    note: Result<Json<Note>, JsonRejection>,
) -> Result<(StatusCode, Json<Note>), RestError> {
    let Json(note) = note.map_err(|error| Status::invalid_argument(error.body_text()))?;
    let note = notes.create_note(note).timeout(TIMEOUT).await?.into_inner();
    Ok((StatusCode::CREATED, Json(note)))
}

async fn get_note(State(notes): State<NotesClient>, Path(id): Path<i64>) -> Result<Json<Note>, RestError> {
    Ok(Json(notes.get_note(GetNoteRequest { id }).timeout(TIMEOUT).await?.into_inner()))
}

/// Query parameters are the fields of the request: `?authorName=Ada`.
async fn list_notes(
    State(notes): State<NotesClient>,
    Query(request): Query<ListNotesRequest>,
) -> Result<Json<ListNotesResponse>, RestError> {
    Ok(Json(notes.list_notes(request).timeout(TIMEOUT).await?.into_inner()))
}

/// A status as a response, `{"code": 5, "message": "..."}`, with the HTTP status that google/rpc/code.proto assigns to the code.
struct RestError(Status);

impl From<Status> for RestError {
    fn from(status: Status) -> Self {
        Self(status)
    }
}

impl IntoResponse for RestError {
    fn into_response(self) -> Response {
        let Self(status) = self;
        let http = match status.code() {
            Code::Ok => StatusCode::OK,
            Code::InvalidArgument | Code::FailedPrecondition | Code::OutOfRange => StatusCode::BAD_REQUEST,
            Code::Unauthenticated => StatusCode::UNAUTHORIZED,
            Code::PermissionDenied => StatusCode::FORBIDDEN,
            Code::NotFound => StatusCode::NOT_FOUND,
            Code::Aborted | Code::AlreadyExists => StatusCode::CONFLICT,
            Code::ResourceExhausted => StatusCode::TOO_MANY_REQUESTS,
            // nginx's status for a client that has disconnected.
            Code::Cancelled => StatusCode::from_u16(499).unwrap_or(StatusCode::BAD_REQUEST),
            Code::Unimplemented => StatusCode::NOT_IMPLEMENTED,
            Code::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Code::DeadlineExceeded => StatusCode::GATEWAY_TIMEOUT,
            Code::Unknown | Code::Internal | Code::DataLoss => StatusCode::INTERNAL_SERVER_ERROR,
        };
        let body = serde_json::json!({ "code": status.code() as i32, "message": status.message() });
        (http, Json(body)).into_response()
    }
}

/// The gRPC service, which knows nothing about REST.
#[derive(Debug, Default)]
pub struct Board(Mutex<Vec<Note>>);

impl Board {
    fn notes(&self) -> MutexGuard<'_, Vec<Note>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Notes for Board {
    async fn create_note(&self, request: Request<Note>) -> Result<rgrpc::Response<Note>, Status> {
        let mut note = request.into_inner();
        if note.text.is_empty() {
            return Err(Status::invalid_argument("the note has no text"));
        }
        let mut notes = self.notes();
        note.id = i64::try_from(notes.len() + 1).unwrap_or(i64::MAX);
        notes.push(note.clone());
        Ok(rgrpc::Response::new(note))
    }

    async fn get_note(&self, request: Request<GetNoteRequest>) -> Result<rgrpc::Response<Note>, Status> {
        let id = request.into_inner().id;
        let note = self.notes().iter().find(|note| note.id == id).cloned();
        note.map(rgrpc::Response::new).ok_or_else(|| Status::not_found(format!("there is no note {id}")))
    }

    async fn list_notes(
        &self,
        request: Request<ListNotesRequest>,
    ) -> Result<rgrpc::Response<ListNotesResponse>, Status> {
        let author = request.into_inner().author_name;
        let matches = |note: &&Note| author.is_empty() || note.author_name == author;
        let notes = self.notes().iter().filter(matches).cloned().collect();
        Ok(rgrpc::Response::new(ListNotesResponse { notes }))
    }
}
