//! An issuer of tokens, and of the keys that prove them.
#![allow(dead_code)]

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

/// The keys that are published, and how often they were asked for.
#[derive(Clone, Default)]
pub struct Published {
    keys: Arc<Mutex<Vec<Key>>>,
    pub asked: Arc<AtomicUsize>,
    /// The answer of the issuer in place of its keys.
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

/// The claims of a token; the usual ones, unless changed.
#[derive(serde::Serialize, Clone)]
pub struct Claims {
    pub sub: &'static str,
    pub iss: &'static str,
    pub aud: &'static str,
    pub exp: u64,
    pub scope: &'static str,
}

pub fn claims(sub: &'static str, scope: &'static str) -> Claims {
    Claims { sub, iss: ISSUER, aud: AUDIENCE, exp: get_current_timestamp() + 3600, scope }
}

pub fn sign(key: Key, claims: &Claims) -> String {
    let header = Header { kid: Some(key.id.to_owned()), ..Header::new(Algorithm::RS256) };
    encode(&header, claims, &key.encoding()).unwrap()
}
