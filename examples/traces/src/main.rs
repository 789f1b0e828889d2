//! Makes a call through three services, and prints its trace and their logs. With arguments, it runs as one of the services.

use std::env;

#[tokio::main]
async fn main() -> Result<(), traces::Error> {
    let arguments: Vec<_> = env::args().skip(1).collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => {
            let traced = traces::trace(&env::current_exe()?).await?;
            println!("{}\n\n{}", traced.tree, traced.logs);
            Ok(())
        }
        [service, collector] => traces::serve(service, collector, "").await,
        [service, collector, next] => traces::serve(service, collector, next).await,
        _ => Err("usage: traces [SERVICE COLLECTOR [NEXT]]".into()),
    }
}
