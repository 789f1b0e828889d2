//! Cycles in a graph: edges go in, its strongly connected components come out, each after all that it leads to.

/// Tarjan's algorithm on a stack of its own, since the graph may be one long path.
pub(super) fn components(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
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
