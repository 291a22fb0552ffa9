//! The database file behind all key-value stores: one table, keyed by label and key.

use std::fs::{OpenOptions, Permissions};
use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
use std::path::Path;

use redb::{ReadableDatabase, TableDefinition};

const TABLE: TableDefinition<(&str, &str), &[u8]> = TableDefinition::new("key_value");

/// Why the file could not be used.
pub type StoreError = redb::Error;

/// An open database file. Only one process can have it open.
pub struct Database(redb::Database);

impl Database {
    /// Open the file at `path`, or create it. Nobody else may read it: guests keep what they know of people there.
    ///
    /// # Errors
    /// The file is damaged, not accessible, or open in another process.
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(path)
            .map_err(StoreError::Io)?;
        // One of an older version was readable by all.
        file.set_permissions(Permissions::from_mode(0o600)).map_err(StoreError::Io)?;
        let database = redb::Database::builder().create_file(file)?;
        let start = database.begin_write()?;
        start.open_table(TABLE)?;
        start.commit()?;
        Ok(Self(database))
    }

    /// The value under `key`.
    pub fn get(&self, label: &str, key: &str) -> Result<Option<Vec<u8>>, StoreError> {
        let table = self.0.begin_read()?.open_table(TABLE)?;
        Ok(table.get((label, key))?.map(|value| value.value().to_vec()))
    }

    /// Put `value` under `key`; on disk when this returns.
    pub fn set(&self, label: &str, key: &str, value: &[u8]) -> Result<(), StoreError> {
        self.write(|table| table.insert((label, key), value).map(drop))
    }

    /// Remove `key` if it is there.
    pub fn delete(&self, label: &str, key: &str) -> Result<(), StoreError> {
        self.write(|table| table.remove((label, key)).map(drop))
    }

    /// All keys of the store, in order.
    pub fn keys(&self, label: &str) -> Result<Vec<String>, StoreError> {
        let table = self.0.begin_read()?.open_table(TABLE)?;
        let mut keys = Vec::new();
        for entry in table.range((label, "")..)? {
            let (place, _) = entry?;
            let (of, key) = place.value();
            if of != label {
                break;
            }
            keys.push(key.to_owned());
        }
        Ok(keys)
    }

    fn write(
        &self,
        change: impl FnOnce(&mut redb::Table<(&str, &str), &[u8]>) -> Result<(), redb::StorageError>,
    ) -> Result<(), StoreError> {
        let transaction = self.0.begin_write()?;
        change(&mut transaction.open_table(TABLE)?)?;
        Ok(transaction.commit()?)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn stores_are_apart_and_outlive_the_process() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kv");
        let database = Database::open(&path).unwrap();
        for (label, key) in [("a", "k1"), ("a", "k2"), ("aa", "k3")] {
            database.set(label, key, label.as_bytes()).unwrap();
        }
        database.delete("a", "k2").unwrap();
        database.delete("a", "never there").unwrap();
        drop(database);
        let database = Database::open(&path).unwrap();
        assert_eq!(database.keys("a").unwrap(), ["k1"]);
        assert_eq!(database.get("aa", "k3").unwrap().unwrap(), b"aa");
        assert_eq!(database.get("aa", "k1").unwrap(), None);
    }

    #[test]
    fn nobody_else_reads_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("kv");
        std::fs::write(&path, "").unwrap();
        std::fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
        drop(Database::open(&path).unwrap());
        assert_eq!(std::fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    }
}
