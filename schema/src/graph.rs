//! Directed graphs: strongly connected components and reachability.

use std::collections::BTreeSet;

/// An edge from one node to another; nodes are counted from 0.
pub type Edge = (usize, usize);

/// The successors of each node: an adjacency list.
pub type Successors = Vec<Vec<usize>>;

/// The strongly connected component of each node.
pub struct Components(Vec<usize>);

impl Components {
    #[must_use]
    pub fn new(successors: &Successors) -> Self {
        let mut component_of = vec![0; successors.len()];
        for (index, component) in components(successors).into_iter().enumerate() {
            for node in component {
                component_of[node] = index;
            }
        }
        Self(component_of)
    }

    /// Returns whether an edge of the graph is on a cycle.
    #[must_use]
    pub fn on_cycle(&self, (from, to): Edge) -> bool {
        self.0[from] == self.0[to]
    }
}

/// Returns whether there is a path from one node to another; every node reaches itself.
#[must_use]
pub fn reaches(successors: &Successors, (from, to): Edge) -> bool {
    let mut seen = BTreeSet::new();
    let mut pending = vec![from];
    while let Some(node) = pending.pop() {
        if seen.insert(node) {
            pending.extend(&successors[node]);
        }
    }
    seen.contains(&to)
}

/// Returns the adjacency list of a graph.
pub fn successors(nodes: usize, edges: impl IntoIterator<Item = Edge>) -> Successors {
    let mut successors = vec![Vec::new(); nodes];
    for (from, to) in edges {
        successors[from].push(to);
    }
    successors
}

/// Returns the strongly connected components of a graph, each after the components that it reaches.
///
/// This is Tarjan's algorithm with an explicit stack, since a chain of messages may be too long for recursion.
#[must_use]
pub fn components(edges: &Successors) -> Vec<Vec<usize>> {
    const UNSEEN: usize = usize::MAX;
    let mut order = vec![UNSEEN; edges.len()];
    let mut low = vec![0; edges.len()];
    let mut on_stack = vec![false; edges.len()];
    let (mut stack, mut calls, mut components) = (Vec::new(), Vec::new(), Vec::new());
    let mut seen = 0;
    for root in 0..edges.len() {
        if order[root] == UNSEEN {
            calls.push((root, 0));
        }
        while let Some((node, edge)) = calls.pop() {
            if edge == 0 {
                (order[node], low[node]) = (seen, seen);
                seen += 1;
                stack.push(node);
                on_stack[node] = true;
            } else {
                let child = edges[node][edge - 1];
                low[node] = low[node].min(low[child]);
            }
            let unfinished = edges[node][edge..].iter().position(|&child| {
                if on_stack[child] {
                    low[node] = low[node].min(order[child]);
                }
                order[child] == UNSEEN
            });
            if let Some(skipped) = unfinished {
                let next = edge + skipped;
                calls.push((node, next + 1));
                calls.push((edges[node][next], 0));
            } else if low[node] == order[node] {
                let start = stack.iter().rposition(|&member| member == node).unwrap_or_default();
                let component = stack.split_off(start);
                for &member in &component {
                    on_stack[member] = false;
                }
                components.push(component);
            }
        }
    }
    components
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(nodes: usize, edges: &[Edge], on_cycle: &[Edge]) {
        let components = Components::new(&successors(nodes, edges.iter().copied()));
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
        assert!(reaches(&successors(100_000, edges), (0, 99_999)));
    }
}
