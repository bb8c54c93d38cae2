//! The bench measures what it says: every contestant serves the very bytes that its upstream sent.

#[test]
fn the_edge_and_its_peers_serve_the_same_bytes() {
    tests::run(xtask::bench::smoke());
}
