//! Directed graphs of messages: which of them lie on a common cycle.

use std::collections::BTreeSet;

/// From one node to another; nodes are counted from 0.
pub(super) type Edge = (usize, usize);

/// The strongly connected components of a graph, by Kosaraju's algorithm, without recursion: a chain of messages may
/// be longer than the stack is deep.
pub(super) struct Components(Vec<usize>);

impl Components {
    pub(super) fn new(nodes: usize, edges: &[Edge]) -> Self {
        let forward = successors(nodes, edges.iter().copied());
        let backward = successors(nodes, edges.iter().map(|&(from, to)| (to, from)));
        let mut components = vec![usize::MAX; nodes];
        for root in finished(&forward).into_iter().rev() {
            let mut pending = vec![root];
            while let Some(node) = pending.pop() {
                if components[node] == usize::MAX {
                    components[node] = root;
                    pending.extend(&backward[node]);
                }
            }
        }
        Self(components)
    }

    /// Whether an edge of the graph lies on a cycle.
    pub(super) fn on_cycle(&self, (from, to): Edge) -> bool {
        self.0[from] == self.0[to]
    }
}

/// Whether a path leads from one node to another; one of no edges does.
pub(super) fn reaches(successors: &[Vec<usize>], (from, to): Edge) -> bool {
    let mut seen = BTreeSet::new();
    let mut pending = vec![from];
    while let Some(node) = pending.pop() {
        if seen.insert(node) {
            pending.extend(&successors[node]);
        }
    }
    seen.contains(&to)
}

/// The nodes to which edges lead, by the node from which they lead.
pub(super) fn successors(nodes: usize, edges: impl Iterator<Item = Edge>) -> Vec<Vec<usize>> {
    let mut successors = vec![Vec::new(); nodes];
    for (from, to) in edges {
        successors[from].push(to);
    }
    successors
}

/// Every node, each after all that a depth-first search finds from it.
fn finished(successors: &[Vec<usize>]) -> Vec<usize> {
    let mut seen = vec![false; successors.len()];
    let mut finished = Vec::with_capacity(successors.len());
    for root in 0..successors.len() {
        let mut path = vec![(root, 0)];
        while let Some((node, next)) = path.pop() {
            if next == 0 && std::mem::replace(&mut seen[node], true) {
                continue;
            }
            match successors[node].get(next) {
                Some(&successor) => path.extend([(node, next + 1), (successor, 0)]),
                None => finished.push(node),
            }
        }
    }
    finished
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(nodes: usize, edges: &[Edge], on_cycle: &[Edge]) {
        let components = Components::new(nodes, edges);
        let found: Vec<Edge> = edges.iter().copied().filter(|&edge| components.on_cycle(edge)).collect();
        assert_eq!(found, on_cycle);
    }

    #[test]
    fn only_edges_on_a_cycle_are_found() {
        check(1, &[(0, 0)], &[(0, 0)]);
        check(3, &[(0, 1), (1, 2), (0, 2)], &[]);
        check(3, &[(0, 1), (1, 2), (2, 0)], &[(0, 1), (1, 2), (2, 0)]);
    }

    #[test]
    fn an_edge_between_two_cycles_is_on_neither() {
        check(4, &[(0, 1), (1, 0), (1, 2), (2, 3), (3, 2)], &[(0, 1), (1, 0), (2, 3), (3, 2)]);
    }

    #[test]
    fn a_chain_of_many_messages_needs_no_stack() {
        let edges: Vec<Edge> = (1..100_000).map(|node| (node - 1, node)).collect();
        check(100_000, &edges, &[]);
        assert!(reaches(&successors(100_000, edges.into_iter()), (0, 99_999)));
    }
}
