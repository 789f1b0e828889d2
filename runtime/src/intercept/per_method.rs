//! Values by method, which are found without a lock.

use std::sync::OnceLock;

use crate::{MethodDescriptor, ServiceDescriptor};

/// A value for each method of the services that were added, which are never removed.
pub(crate) struct PerMethod<V>(OnceLock<Box<Entry<V>>>);

struct Entry<V> {
    service: &'static str,
    /// Sorted by the name of the method.
    methods: Vec<(&'static str, V)>,
    next: PerMethod<V>,
}

impl<V> Default for PerMethod<V> {
    fn default() -> Self {
        Self(OnceLock::new())
    }
}

impl<V> PerMethod<V> {
    /// Adds a service with a value for each of its methods, unless it is present.
    pub(crate) fn add(&self, service: &'static ServiceDescriptor, make: impl Fn(&'static MethodDescriptor) -> V) {
        let mut known = self;
        loop {
            let entry = known.0.get_or_init(|| {
                let mut methods: Vec<_> =
                    service.methods().iter().map(|method| (method.name(), make(method))).collect();
                methods.sort_by_key(|(name, _)| *name);
                Box::new(Entry { service: service.name(), methods, next: Self::default() })
            });
            if entry.service == service.name() {
                return;
            }
            known = &entry.next;
        }
    }

    pub(crate) fn get(&self, method: &MethodDescriptor) -> Option<&V> {
        let mut known = self;
        loop {
            let entry = known.0.get()?;
            if entry.service == method.service() {
                let index = entry.methods.binary_search_by_key(&method.name(), |(name, _)| *name).ok()?;
                return entry.methods.get(index).map(|(_, value)| value);
            }
            known = &entry.next;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const A: ServiceDescriptor =
        ServiceDescriptor::new("a.A", &[MethodDescriptor::unary("/a.A/Second"), MethodDescriptor::unary("/a.A/First")]);
    const B: ServiceDescriptor = ServiceDescriptor::new("b.B", &[MethodDescriptor::unary("/b.B/First")]);

    #[test]
    fn methods_of_all_services_are_found_and_no_others() {
        let known = PerMethod::default();
        for service in [&A, &B, &A] {
            known.add(service, MethodDescriptor::path);
        }
        let cases = [
            ("/a.A/First", Some("/a.A/First")),
            ("/a.A/Second", Some("/a.A/Second")),
            ("/b.B/First", Some("/b.B/First")),
            ("/b.B/Second", None),
            ("/c.C/First", None),
        ];
        for (path, expected) in cases {
            assert_eq!(known.get(&MethodDescriptor::unary(path)).copied(), expected, "{path}");
        }
    }
}
