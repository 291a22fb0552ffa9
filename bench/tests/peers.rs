//! A comparison is fair only between those that do the same.

#[tokio::test(flavor = "multi_thread")]
async fn the_peers_answer_and_write_what_ours_does() -> anyhow::Result<()> {
    bench::sameness::check(&bench::Contenders::start(1).await?).await
}
