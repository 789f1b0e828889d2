//! Rules of the option `feature_support`, which states the editions that an option or a feature exists in.

use super::super::pool::Pool;
use super::super::report::Report;
use super::super::symbols::Id;
use crate::file::Kind;
use crate::wire::{self, Value, records};

/// `FieldOptions.feature_support`
const OF_FIELD: i32 = 22;
/// `EnumValueOptions.feature_support`
const OF_VALUE: i32 = 4;

/// `google.protobuf.FieldOptions.FeatureSupport`
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Support {
    pub introduced: Option<i32>,
    pub deprecated: Option<i32>,
    pub warning: Option<String>,
    pub removed: Option<i32>,
    pub removal_error: Option<String>,
}

impl Support {
    fn read(bytes: &[u8], mut support: Self) -> Self {
        for record in records(bytes).map_while(Result::ok) {
            match (record.number, record.value) {
                (1, Value::Varint(value)) => support.introduced = i32::try_from(value).ok(),
                (2, Value::Varint(value)) => support.deprecated = i32::try_from(value).ok(),
                (3, Value::Bytes(text)) => support.warning = Some(String::from_utf8_lossy(text).into_owned()),
                (4, Value::Varint(value)) => support.removed = i32::try_from(value).ok(),
                (5, Value::Bytes(text)) => support.removal_error = Some(String::from_utf8_lossy(text).into_owned()),
                _ => {}
            }
        }
        support
    }

    pub fn of_field(pool: &Pool<'_>, id: Id) -> Option<Self> {
        wire::payloads(pool.options(id), OF_FIELD).last().map(|bytes| Self::read(bytes, Self::default()))
    }

    pub fn of_value(pool: &Pool<'_>, id: Id) -> Option<Self> {
        wire::payloads(pool.options(id), OF_VALUE).last().map(|bytes| Self::read(bytes, Self::default()))
    }

    /// Returns how its editions contradict each other.
    fn fault(&self) -> Option<&'static str> {
        let introduced = self.introduced.unwrap_or(0);
        let deprecated = self.deprecated.unwrap_or(0);
        match (self.deprecated, &self.warning) {
            (Some(deprecated), _) if deprecated < introduced => return Some("was deprecated before it was introduced"),
            (Some(_), None) => return Some("is deprecated without a `deprecation_warning`"),
            (None, Some(_)) => return Some("has a `deprecation_warning` and no `edition_deprecated`"),
            _ => {}
        }
        match (self.removed, &self.removal_error) {
            (Some(removed), _) if deprecated >= removed => Some("was deprecated after it was removed"),
            (Some(removed), _) if removed < introduced => Some("was removed before it was introduced"),
            (Some(removed), None) if introduced != removed => Some("is removed without a `removal_error`"),
            (None, Some(_)) => Some("has a `removal_error` and no `edition_removed`"),
            _ => None,
        }
    }
}

pub(super) fn check_field(pool: &Pool<'_>, id: Id, report: &mut Report<'_>) {
    let own = Support::of_field(pool, id);
    if let Some(fault) = own.as_ref().and_then(Support::fault) {
        return say(pool, id, id, fault, report);
    }
    let link = pool.link(id);
    let (Some(own), Some(Kind::Enum), Some(item)) = (own, link.kind, link.target) else { return };
    for value in pool.enumeration(item).into_iter().flat_map(|item| &item.values) {
        let Some(value) = pool.value_named(item, &value.name.value) else { continue };
        let Some(bytes) = wire::payloads(pool.options(value), OF_VALUE).last() else { continue };
        let support = Support::read(bytes, own.clone());
        let later = |own: Option<i32>, other: Option<i32>| other.is_some() && own.unwrap_or(0) > other.unwrap_or(0);
        let fault = support.fault().or_else(|| {
            if support.introduced.unwrap_or(0) < own.introduced.unwrap_or(0) {
                Some("was introduced before its feature was")
            } else if later(support.removed, own.removed) {
                Some("was removed after its feature was")
            } else if later(support.deprecated, own.deprecated) {
                Some("was deprecated after its feature was")
            } else {
                None
            }
        });
        if let Some(fault) = fault {
            return say(pool, id, value, fault, report);
        }
    }
}

pub(super) fn check_value(pool: &Pool<'_>, id: Id, report: &mut Report<'_>) {
    if let Some(fault) = Support::of_value(pool, id).as_ref().and_then(Support::fault) {
        say(pool, id, id, fault, report);
    }
}

fn say(pool: &Pool<'_>, at: Id, what: Id, fault: &str, report: &mut Report<'_>) {
    let name = pool.full_name(what);
    report.element_error(at.element, format!("`{name}` {fault}"), |error| error);
}
