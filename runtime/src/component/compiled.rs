//! Compiled code, kept on disk by what it was compiled of. A start that finds all of it compiles nothing: the system
//! maps the files into memory and reads what is used of them. (wasmtime's own cache unpacks each file into memory.)

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, SystemTime};

use anyhow::{Context, Result};
use tempfile::NamedTempFile;
use wasmtime::component::Component;
use wasmtime::{CacheStore, Engine};

/// How long code that nobody uses is kept.
const UNUSED: Duration = Duration::from_secs(30 * 24 * 60 * 60);

/// A folder of compiled code; several runtimes can share it.
#[derive(Clone)]
pub struct CodeCache {
    engine: Engine,
    folder: PathBuf,
}

impl CodeCache {
    /// In `folder`, which is made if there is none.
    ///
    /// # Errors
    /// The folder is not usable.
    pub fn new(engine: &Engine, folder: &Path) -> Result<Self> {
        // What another wasmtime made, or one with other settings, is not for this one.
        let mut settings = DefaultHasher::new();
        engine.precompile_compatibility_hash().hash(&mut settings);
        let folder = std::path::absolute(folder)?.join(format!("{:016x}", settings.finish()));
        std::fs::create_dir_all(&folder).with_context(|| format!("the cache folder {}", folder.display()))?;
        Ok(Self { engine: engine.clone(), folder })
    }

    /// The code of `wasm`, which is called `name` here; compiled now unless it was before.
    ///
    /// # Errors
    /// Those of `wasm`; it does not compile, or the folder is not writable.
    pub fn compiled(&self, name: &str, wasm: impl FnOnce() -> Result<Arc<[u8]>>) -> Result<Component> {
        let path = self.folder.join(format!("{name}.cwasm"));
        // A file that is damaged is made anew.
        if let Ok(component) = self.open(&path) {
            return Ok(component);
        }
        let code = self.engine.precompile_component(&wasm()?).map_err(anyhow::Error::from);
        let code = code.context("it does not compile")?;
        let kept = || -> Result<()> {
            let mut file = NamedTempFile::new_in(&self.folder)?;
            file.write_all(&code)?;
            file.as_file().sync_all()?;
            file.persist(&path)?;
            Ok(())
        };
        kept().with_context(|| format!("writing {}", path.display()))?;
        self.open(&path)
    }

    #[allow(unsafe_code)]
    fn open(&self, path: &Path) -> Result<Component> {
        let file = std::fs::File::options().append(true).open(path)?;
        file.set_modified(SystemTime::now())?;
        // SAFETY: the file must be what this engine's compiler wrote, and stay so. Only `compiled` writes into this
        // folder, whole files that are never changed; who else can write there can also replace the runtime.
        let component = unsafe { Component::deserialize_file(&self.engine, path) };
        component.map_err(anyhow::Error::from)
    }

    /// Remove what nobody has used for a month, of other versions of wasmtime as well. What cannot be removed stays, and
    /// files that are no compiled code are not touched.
    pub fn prune(&self) {
        let folders = self.folder.parent().and_then(|all| std::fs::read_dir(all).ok());
        let folders = folders.into_iter().flatten().flatten();
        let files = folders.filter_map(|folder| std::fs::read_dir(folder.path()).ok()).flatten().flatten();
        for file in files.filter(|file| file.path().extension().is_some_and(|kind| kind == "cwasm")) {
            let used = file.metadata().and_then(|about| about.modified());
            if used.is_ok_and(|used| used.elapsed().is_ok_and(|unused| unused > UNUSED))
                && let Err(error) = std::fs::remove_file(file.path())
            {
                tracing::debug!("{}: {error}", file.path().display());
            }
        }
    }
}

/// Single functions that were compiled, in memory: components have many in common (those of the same dependency), and a
/// component that changed has most of what it had.
#[derive(Debug, Default)]
pub struct Functions(RwLock<HashMap<Vec<u8>, Vec<u8>>>);

impl CacheStore for Functions {
    fn get(&self, key: &[u8]) -> Option<Cow<'_, [u8]>> {
        let functions = self.0.read().unwrap_or_else(PoisonError::into_inner);
        functions.get(key).cloned().map(Cow::Owned)
    }

    fn insert(&self, key: &[u8], value: Vec<u8>) -> bool {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(key.to_owned(), value);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WASM: &[u8] = b"(component)";

    fn compile(cache: &CodeCache, name: &str) {
        cache.compiled(name, || Ok(WASM.into())).unwrap();
    }

    fn files(cache: &CodeCache) -> Vec<PathBuf> {
        std::fs::read_dir(&cache.folder).unwrap().map(|file| file.unwrap().path()).collect()
    }

    #[test]
    fn code_is_compiled_once_and_again_if_its_file_is_damaged() {
        let folder = tempfile::tempdir().unwrap();
        let cache = CodeCache::new(&Engine::default(), folder.path()).unwrap();
        compile(&cache, "one");
        let [file] = &files(&cache)[..] else { panic!("{:?}", files(&cache)) };
        let whole = std::fs::read(file).unwrap();
        // What is not read again cannot be seen to be another.
        std::fs::write(file, cache.engine.precompile_component(b"(component (core module))").unwrap())
            .unwrap();
        let other = std::fs::read(file).unwrap();
        compile(&cache, "one");
        assert_eq!(std::fs::read(file).unwrap(), other);
        std::fs::write(file, b"half a fi").unwrap();
        compile(&cache, "one");
        assert_eq!(std::fs::read(file).unwrap(), whole);
    }

    #[test]
    fn what_nobody_uses_goes_and_what_is_not_ours_stays() {
        let folder = tempfile::tempdir().unwrap();
        let cache = CodeCache::new(&Engine::default(), folder.path()).unwrap();
        compile(&cache, "one");
        compile(&cache, "another");
        let (old, kept) = (cache.folder.join("one.cwasm"), cache.folder.join("another.cwasm"));
        let foreign = folder.path().join("photographs/one.jpeg");
        std::fs::create_dir(foreign.parent().unwrap()).unwrap();
        std::fs::write(&foreign, "").unwrap();
        for path in [&old, &foreign] {
            let file = std::fs::File::options().append(true).open(path).unwrap();
            file.set_modified(SystemTime::now() - UNUSED - Duration::from_secs(60)).unwrap();
        }
        cache.prune();
        assert_eq!([old, kept, foreign].map(|path| path.exists()), [false, true, true]);
    }
}
