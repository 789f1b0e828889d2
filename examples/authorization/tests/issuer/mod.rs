//! An issuer that signs tokens and publishes its keys.
#![allow(dead_code, reason = "each test program uses a part of it")]

use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use authorization::keys::Keys;
use authorization::{AUDIENCE, ISSUER};
use jsonwebtoken::jwk::{Jwk, JwkSet};
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode, get_current_timestamp};
use rgrpc::Status;

#[derive(Clone, Copy)]
pub struct Key {
    pub id: &'static str,
    pub pem: &'static str,
}

pub const OLD: Key = Key { id: "old", pem: include_str!("../keys/old.pem") };
pub const NEW: Key = Key { id: "new", pem: include_str!("../keys/new.pem") };

impl Key {
    fn encoding(self) -> EncodingKey {
        EncodingKey::from_rsa_pem(self.pem.as_bytes()).unwrap()
    }

    fn public(self) -> Jwk {
        let mut jwk = Jwk::from_encoding_key(&self.encoding(), Algorithm::RS256).unwrap();
        jwk.common.key_id = Some(self.id.to_owned());
        jwk
    }
}

/// The published keys.
#[derive(Clone, Default)]
pub struct Published {
    keys: Arc<Mutex<Vec<Key>>>,
    /// The number of requests for the keys.
    pub asked: Arc<AtomicUsize>,
    /// The error that the issuer returns instead of its keys.
    pub failing: Arc<Mutex<Option<Status>>>,
}

impl Published {
    pub fn publish(&self, keys: &[Key]) {
        *self.keys.lock().unwrap() = keys.to_vec();
    }

    pub fn keys(&self) -> Keys {
        let published = self.clone();
        Keys::new(move || {
            published.asked.fetch_add(1, Relaxed);
            let keys = published.keys.lock().unwrap().iter().map(|key| key.public()).collect();
            let failing = published.failing.lock().unwrap().clone();
            async move {
                tokio::time::sleep(Duration::from_millis(1)).await;
                failing.map_or(Ok(JwkSet { keys }), Err)
            }
        })
    }
}

/// The claims of a token.
#[derive(serde::Serialize, Clone)]
pub struct Claims {
    pub sub: &'static str,
    pub iss: &'static str,
    pub aud: &'static str,
    pub exp: u64,
    pub scope: &'static str,
}

/// Valid claims.
pub fn claims(sub: &'static str, scope: &'static str) -> Claims {
    Claims { sub, iss: ISSUER, aud: AUDIENCE, exp: get_current_timestamp() + 3600, scope }
}

pub fn sign(key: Key, claims: &Claims) -> String {
    let header = Header { kid: Some(key.id.to_owned()), ..Header::new(Algorithm::RS256) };
    encode(&header, claims, &key.encoding()).unwrap()
}
