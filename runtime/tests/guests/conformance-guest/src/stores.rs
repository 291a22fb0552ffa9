//! `/store/LABEL/get|set|delete|exists/KEY` and `/store/LABEL/keys`; `set` stores the key's own name. `fill/BYTES` stores so
//! many under the key `filled`, `length` tells how many are there; `open/NUMBER` holds so many handles at once.

use spin_sdk::key_value::{Error, Store};

pub async fn run(path: &str) -> String {
    let mut parts = path.split('/');
    let mut next = || parts.next().unwrap_or_default();
    let (label, operation, key) = (next(), next(), next());
    match operate(label, operation, key).await {
        Ok(text) => text,
        Err(error) => format!("{error:?}"),
    }
}

async fn operate(label: &str, operation: &str, key: &str) -> Result<String, Error> {
    let store = Store::open(label).await?;
    Ok(match operation {
        "get" => {
            format!("{:?}", store.get(key).await?.map(|value| String::from_utf8_lossy(&value).into_owned()))
        }
        "set" => format!("{:?}", store.set(key, key.as_bytes()).await?),
        "delete" => format!("{:?}", store.delete(key).await?),
        "exists" => format!("{:?}", store.exists(key).await?),
        "fill" => {
            let bytes = vec![b'x'; key.parse().unwrap_or_default()];
            format!("{:?}", store.set("filled", bytes).await?)
        }
        "length" => format!("{:?}", store.get("filled").await?.map(|value| value.len())),
        "open" => {
            let mut handles = vec![store];
            while handles.len() < key.parse().unwrap_or_default() {
                handles.push(Store::open(label).await?);
            }
            handles.len().to_string()
        }
        "keys" => format!("{:?}", store.get_keys().await.collect().await?),
        _ => format!("no such operation: {operation}"),
    })
}
