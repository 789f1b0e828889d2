//! A message that keeps what it does not declare, beside the same message with prost's derive, over random bytes.

use std::collections::BTreeMap;

use prost::Message;
use prost::bytes::Bytes;
use rgrpc::UnknownFields;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, prost::Enumeration)]
#[repr(i32)]
enum Role {
    Admin = 1,
    Guest = 2,
}

mod derived {
    use super::*;

    #[derive(Clone, PartialEq, prost::Message)]
    pub struct All {
        #[prost(double, tag = "1")]
        pub double: f64,
        #[prost(float, optional, tag = "2")]
        pub float: Option<f32>,
        #[prost(int32, tag = "3")]
        pub int32: i32,
        #[prost(int64, optional, tag = "4")]
        pub int64: Option<i64>,
        #[prost(uint32, required, tag = "5")]
        pub uint32: u32,
        #[prost(uint64, repeated, tag = "6")]
        pub uint64: Vec<u64>,
        #[prost(sint32, repeated, packed = "false", tag = "7")]
        pub sint32: Vec<i32>,
        #[prost(sint64, tag = "8")]
        pub sint64: i64,
        #[prost(fixed32, repeated, tag = "9")]
        pub fixed32: Vec<u32>,
        #[prost(fixed64, optional, tag = "10")]
        pub fixed64: Option<u64>,
        #[prost(sfixed32, tag = "11")]
        pub sfixed32: i32,
        #[prost(sfixed64, required, tag = "12")]
        pub sfixed64: i64,
        #[prost(bool, tag = "13")]
        pub bool: bool,
        #[prost(string, tag = "14")]
        pub string: String,
        #[prost(bytes = "vec", optional, tag = "15")]
        pub vec: Option<Vec<u8>>,
        #[prost(bytes = "bytes", repeated, tag = "16")]
        pub bytes: Vec<Bytes>,
        #[prost(enumeration = "Role", optional, tag = "17")]
        pub role: Option<i32>,
        #[prost(enumeration = "Role", repeated, tag = "18")]
        pub roles: Vec<i32>,
        #[prost(btree_map = "string, enumeration(Role)", tag = "19")]
        pub map: BTreeMap<String, i32>,
        #[prost(btree_map = "int32, message", tag = "20")]
        pub messages: BTreeMap<i32, All>,
        #[prost(message, optional, boxed, tag = "21")]
        pub boxed: Option<Box<All>>,
        #[prost(message, repeated, tag = "22")]
        pub list: Vec<All>,
        #[prost(group, optional, boxed, tag = "23")]
        pub group: Option<Box<All>>,
        #[prost(oneof = "Choice", tags = "24, 25, 26")]
        pub choice: Option<Choice>,
    }

    #[derive(Clone, PartialEq, prost::Oneof)]
    pub enum Choice {
        #[prost(string, tag = "24")]
        Text(String),
        #[prost(message, tag = "25")]
        Message(Box<All>),
        #[prost(enumeration = "Role", tag = "26")]
        Role(i32),
    }
}

mod kept {
    use super::*;

    #[derive(Clone, PartialEq)]
    pub struct All {
        pub double: f64,
        pub float: Option<f32>,
        pub int32: i32,
        pub int64: Option<i64>,
        pub uint32: u32,
        pub uint64: Vec<u64>,
        pub sint32: Vec<i32>,
        pub sint64: i64,
        pub fixed32: Vec<u32>,
        pub fixed64: Option<u64>,
        pub sfixed32: i32,
        pub sfixed64: i64,
        pub bool: bool,
        pub string: String,
        pub vec: Option<Vec<u8>>,
        pub bytes: Vec<Bytes>,
        pub role: Option<i32>,
        pub roles: Vec<i32>,
        pub map: BTreeMap<String, i32>,
        pub messages: BTreeMap<i32, All>,
        pub boxed: Option<Box<All>>,
        pub list: Vec<All>,
        pub group: Option<Box<All>>,
        pub choice: Option<Choice>,
        pub unknown_fields: UnknownFields,
    }

    rgrpc::message! {
        All: Debug {
            double: Plain(Double) = 1;
            float: Optional(Float) = 2;
            int32: Plain(Int32) = 3;
            int64: Optional(Int64) = 4;
            uint32: Required(Uint32) = 5;
            uint64: Packed(Uint64) = 6;
            sint32: Repeated(Sint32) = 7;
            sint64: Plain(Sint64) = 8;
            fixed32: Packed(Fixed32) = 9;
            fixed64: Optional(Fixed64) = 10;
            sfixed32: Plain(Sfixed32) = 11;
            sfixed64: Required(Sfixed64) = 12;
            bool: Plain(Bool) = 13;
            string: Plain(String) = 14;
            vec: Optional(Bytes) = 15;
            bytes: Repeated(Bytes) = 16;
            role: Optional(Enum(Role)) = 17;
            roles: Packed(Enum(Role)) = 18;
            map: Map(String, Enum(Role)) = 19;
            messages: Map(Int32, Message) = 20;
            boxed: Optional(Message) = 21;
            list: Repeated(Message) = 22;
            group: Optional(Group) = 23;
            choice: Oneof = 24 | 25 | 26;
        }
    }

    #[derive(Clone, PartialEq)]
    pub enum Choice {
        Text(String),
        Message(Box<All>),
        Role(i32),
    }

    rgrpc::oneof! {
        Choice: Debug {
            Text: String = 24;
            Message: Message = 25;
            Role: Enum(Role) = 26;
        }
    }
}

/// The binary form of a random message, most of which are valid.
fn random(rng: &mut fastrand::Rng, depth: usize) -> Vec<u8> {
    let mut out = Vec::new();
    for _ in 0..rng.usize(..8) {
        // A tenth of the fields are not declared.
        let number = rng.u32(1..30);
        let wire = match number {
            1 | 4 | 10 | 12 if number != 4 => 1,
            2 | 9 | 11 => rng.choice([5, 2].into_iter().take(if number == 9 { 2 } else { 1 })).unwrap(),
            14..=16 | 19..=22 | 24 | 25 => 2,
            6 | 7 | 18 => rng.choice([0, 2]).unwrap(),
            23 => 3,
            27.. => rng.choice([0, 1, 2, 3, 5]).unwrap(),
            _ => 0,
        };
        // Of maps, not every version of prost's derive checks it.
        let wire = if ![19, 20].contains(&number) && rng.u32(..200) == 0 { rng.u32(..8) } else { wire };
        prost::encoding::encode_varint(u64::from(number << 3 | wire), &mut out);
        match wire {
            0 => prost::encoding::encode_varint(rng.u64(..) >> rng.u32(..64), &mut out),
            1 => out.extend(rng.u64(..).to_le_bytes()),
            2 => {
                let content: Vec<u8> = match number {
                    20 if depth > 0 => entry(rng, depth - 1),
                    21 | 22 | 25 if depth > 0 => random(rng, depth - 1),
                    19 => entry(rng, 0),
                    14 | 24 => vec![b'a'; rng.usize(..5)],
                    9 => (0..rng.u8(..3)).flat_map(|n| [n, 0, 0, 1]).collect(),
                    15 | 16 | 6 | 7 | 18 | 27.. => (0..rng.usize(..6)).map(|_| rng.u8(..128)).collect(),
                    _ => Vec::new(),
                };
                prost::encoding::encode_varint(content.len() as u64, &mut out);
                out.extend(content);
            }
            3 => {
                out.extend(if depth > 0 { random(rng, depth - 1) } else { Vec::new() });
                prost::encoding::encode_varint(u64::from(number << 3 | 4), &mut out);
            }
            5 => out.extend(rng.u32(..).to_le_bytes()),
            _ => {}
        }
    }
    if rng.u32(..50) == 0 {
        out.truncate(rng.usize(..=out.len()));
    }
    out
}

fn entry(rng: &mut fastrand::Rng, depth: usize) -> Vec<u8> {
    if depth == 0 {
        return rng
            .choice([&b""[..], b"\x0a\x01k", b"\x10\x02", b"\x0a\x01k\x10\x07", b"\x0a\x01k\x10\x02\x18\x00"])
            .unwrap()
            .to_vec();
    }
    let message = random(rng, depth - 1);
    let mut out = vec![0x08, rng.u8(..3), 0x12];
    prost::encoding::encode_varint(message.len() as u64, &mut out);
    out.extend(message);
    out
}

#[test]
fn a_message_reads_and_writes_as_with_prosts_derive_and_loses_nothing() {
    let mut rng = fastrand::Rng::with_seed(7);
    let (mut valid, mut unknown, mut of_another_type) = (0, 0, 0);
    for _ in 0..5_000 {
        let bytes = random(&mut rng, 4);
        let (derived, kept) = (derived::All::decode(&*bytes), kept::All::decode(&*bytes));
        let (derived, kept) = match (derived, kept) {
            (Ok(derived), Ok(kept)) => (derived, kept),
            // The derive refuses a field of another wire type; here it is a field that is not declared.
            (Err(derived), kept) if derived.to_string().contains("invalid wire type: ") => {
                let Ok(kept) = kept else { continue };
                of_another_type += 1;
                let again = kept::All::decode(&*kept.encode_to_vec()).unwrap();
                assert_eq!(format!("{again:?}"), format!("{kept:?}"));
                continue;
            }
            (Err(derived), Err(kept)) => {
                assert_eq!(derived.to_string(), kept.to_string());
                continue;
            }
            (derived, kept) => panic!("{bytes:x?}: {derived:?}, but {kept:?}"),
        };
        valid += 1;
        unknown += usize::from(!kept.unknown_fields.is_empty());
        let written = kept.encode_to_vec();
        assert_eq!(written.len(), kept.encoded_len());
        // Kept fields make no difference to who does not know them.
        let again = derived::All::decode(&*written).unwrap();
        assert_eq!(format!("{again:?}"), format!("{derived:?}"));
        let again = kept::All::decode(&*written).unwrap();
        assert_eq!(format!("{again:?}"), format!("{kept:?}"));
        // Without it, the two are the same: written, and shown.
        let declared = kept::All::decode(&*derived.encode_to_vec()).unwrap();
        assert_eq!(format!("{declared:?}"), format!("{derived:?}"));
        if !format!("{derived:?}").contains("-0.0") {
            assert_eq!(declared.encode_to_vec(), derived.encode_to_vec());
        }
    }
    assert!(valid > 3_000 && unknown > 1_000 && of_another_type > 10, "{valid} {unknown} {of_another_type}");
}

#[test]
fn a_default_is_one_of_prosts_derive() {
    let (derived, kept) = (derived::All::default(), kept::All::default());
    assert_eq!(format!("{derived:?}"), format!("{kept:?}"));
    assert_eq!(derived.encode_to_vec(), kept.encode_to_vec());
    let mut cleared = kept::All::decode(&b"\x0d\x00\x00\x00\x00\x00\x00\x00\x00"[..]).unwrap_or_default();
    cleared.string.push('a');
    cleared.roles.push(7);
    cleared.unknown_fields.push_varint(99, 1);
    cleared.clear();
    assert_eq!(cleared, kept);
}

#[test]
fn a_zero_with_a_sign_is_no_default() {
    let minus = kept::All { double: -0.0, ..kept::All::default() };
    assert!(kept::All::decode(&*minus.encode_to_vec()).unwrap().double.is_sign_negative());
}
