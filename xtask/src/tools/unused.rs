//! Code that the dashboard never runs and the linker cannot know of: views can be hydrated while their data still comes,
//! and every view type brings that as an async function behind the same table. Pages here are hydrated at once
//! (`hydrate_body`), so these functions are emptied: a tenth of the module.

use std::collections::HashSet;

use wasm_encoder::{CodeSection, Function, Instruction, Module, RawSection};
use wasmparser::{KnownCustom, Name, Operator, Parser, Payload, TypeRef};

use super::step::{Failure, Result};

const ADVICE: &str = "Leptos or the compiler have changed their form; xtask/src/tools/unused.rs has to follow.";

/// The body of the async function, as compilers call it.
const BODY: &str = "hydrate_async";

/// Smaller ones may stand for others that happen to be alike; there is little to gain from them.
const WORTH: usize = 256;

/// The module with those functions emptied; whoever called one would hear of it by a trap. A function that anything else
/// calls by its name stays.
pub fn emptied(wasm: &[u8]) -> Result<Vec<u8>> {
    read(wasm)
        .and_then(|(first, unused)| written(wasm, first, &unused))
        .map_err(|cause| Failure::new(format!("a module cannot be read: {cause}"), ADVICE))
}

type Parsed<T> = std::result::Result<T, wasmparser::Error>;

/// The number of the first function that is not imported, and those to empty.
fn read(wasm: &[u8]) -> Parsed<(u32, HashSet<u32>)> {
    let (mut imported, mut bodies, mut named) = (0_u32, Vec::new(), HashSet::new());
    for payload in Parser::new(0).parse_all(wasm) {
        match payload? {
            Payload::ImportSection(imports) => {
                for import in imports.into_imports() {
                    imported += u32::from(matches!(import?.ty, TypeRef::Func(_) | TypeRef::FuncExact(_)));
                }
            }
            Payload::CodeSectionEntry(body) => bodies.push(body),
            Payload::CustomSection(section) => {
                let KnownCustom::Name(parts) = section.as_known() else { continue };
                for part in parts {
                    let Name::Function(functions) = part? else { continue };
                    for one in functions {
                        let one = one?;
                        if one.name.contains(BODY) {
                            named.insert(one.index);
                        }
                    }
                }
            }
            _ => {}
        }
    }
    let mut unused = HashSet::new();
    let mut called = HashSet::new();
    for (number, body) in (imported..).zip(&bodies) {
        if named.contains(&number) {
            let large = body.range().end - body.range().start >= WORTH as u64;
            unused.extend(large.then_some(number));
            continue;
        }
        for operator in body.get_operators_reader()? {
            if let Operator::Call { function_index } | Operator::ReturnCall { function_index } = operator? {
                called.insert(function_index);
            }
        }
    }
    Ok((imported, unused.difference(&called).copied().collect()))
}

fn written(wasm: &[u8], first: u32, unused: &HashSet<u32>) -> Parsed<Vec<u8>> {
    let mut module = Module::new();
    let (mut code, mut number, mut left) = (CodeSection::new(), first, 0_u32);
    for payload in Parser::new(0).parse_all(wasm) {
        let payload = payload?;
        match &payload {
            Payload::CodeSectionStart { count, .. } => {
                left = *count;
                continue;
            }
            Payload::CodeSectionEntry(body) => {
                if unused.contains(&number) {
                    let mut empty = Function::new([]);
                    empty.instruction(&Instruction::Unreachable).instruction(&Instruction::End);
                    code.function(&empty);
                } else {
                    code.raw(body.as_bytes());
                }
                number += 1;
                left -= 1;
                if left == 0 {
                    module.section(&code);
                }
                continue;
            }
            _ => {}
        }
        if let Some((id, range)) = payload.as_section() {
            let place = |at: u64| usize::try_from(at).unwrap_or(usize::MAX);
            module.section(&RawSection { id, data: &wasm[place(range.start)..place(range.end)] });
        }
    }
    Ok(module.finish())
}

#[cfg(test)]
mod tests {
    use wasm_encoder::{
        EntityType, FunctionSection, ImportSection, IndirectNameMap, NameMap, NameSection, TypeSection,
    };

    use super::*;

    /// An import, a view's async function, the same called by its name from elsewhere, a small one, and the caller.
    fn module() -> Vec<u8> {
        let mut module = Module::new();
        let mut types = TypeSection::new();
        types.ty().function([], []);
        let mut imports = ImportSection::new();
        imports.import("a", "b", EntityType::Function(0));
        let mut functions = FunctionSection::new();
        let mut code = CodeSection::new();
        let mut names = NameMap::new();
        let bodies = [("x::hydrate_async::{{closure}}", 300), ("y::hydrate_async::{{closure}}", 300)];
        let bodies = bodies.into_iter().chain([("z::hydrate_async::{{closure}}", 3), ("caller", 300)]);
        for (number, (name, size)) in (1..).zip(bodies) {
            functions.function(0);
            let mut body = Function::new([]);
            for _ in 0..size {
                body.instruction(&Instruction::Nop);
            }
            if name == "caller" {
                body.instruction(&Instruction::Call(2));
            }
            body.instruction(&Instruction::End);
            code.function(&body);
            names.append(number, name);
        }
        let mut section = NameSection::new();
        section.functions(&names);
        section.locals(&IndirectNameMap::new());
        module.section(&types).section(&imports).section(&functions).section(&code).section(&section);
        module.finish()
    }

    #[test]
    fn only_what_nothing_calls_is_emptied() {
        let wasm = module();
        let small = emptied(&wasm).expect("a module");
        let sizes = |wasm: &[u8]| -> Vec<u64> {
            let parts = Parser::new(0).parse_all(wasm).map(|payload| payload.expect("a part"));
            let body = |payload| match payload {
                Payload::CodeSectionEntry(body) => Some(body.range().end - body.range().start),
                _ => None,
            };
            parts.filter_map(body).collect()
        };
        let (before, after) = (sizes(&wasm), sizes(&small));
        assert_eq!((after[0], &after[1..]), (3, &before[1..]));
        assert!(emptied(b"no module").is_err());
    }
}
