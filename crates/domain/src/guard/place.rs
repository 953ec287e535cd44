//! Where an expression is wrong. `regex-lite` says only that it is; its bigger sister knows the place.

use std::ops::Range;

use regex_syntax::ast::{Ast, ErrorKind, Visitor, parse::Parser, visit};

use super::{GuardPattern, check_pattern};
use crate::{Fault, FieldProblem};

/// As [`check_pattern`] for an expression, with the place of the mistake in bytes.
pub fn check_expression(source: &str) -> Result<GuardPattern, FieldProblem> {
    let problem = match check_pattern(GuardPattern::Expression(source.to_owned())) {
        Err(FieldProblem::At { fault: Fault::Malformed, .. }) => match Parser::new().parse(source) {
            Err(error) => {
                let span = error.span();
                FieldProblem::at(&visible(source, span.start.offset..span.end.offset), fault(error.kind()))
            }
            Ok(ast) => match innermost(source, &ast) {
                Some(place) => FieldProblem::at(&place, Fault::Unsupported),
                // Each part by itself is fine: it is the whole that is too much.
                None => FieldProblem::at(&(0..source.len()), Fault::TooLarge),
            },
        },
        other => return other,
    };
    Err(problem)
}

/// The first part that cannot be compiled by itself. Only parts that hold no others, and the heads of groups: of those
/// around them size may be the reason.
fn innermost(source: &str, ast: &Ast) -> Option<Range<usize>> {
    struct Search<'a> {
        source: &'a str,
        found: Option<Range<usize>>,
    }

    impl Visitor for Search<'_> {
        type Output = Option<Range<usize>>;
        type Err = ();

        fn finish(self) -> Result<Self::Output, ()> {
            Ok(self.found)
        }

        fn visit_pre(&mut self, ast: &Ast) -> Result<(), ()> {
            let from = ast.span().start.offset;
            let (end, closed) = match ast {
                Ast::Group(group) => (group.ast.span().start.offset, ")"),
                Ast::Repetition(_) | Ast::Alternation(_) | Ast::Concat(_) => return Ok(()),
                leaf => (leaf.span().end.offset, ""),
            };
            if self.found.is_none() && regex_lite::Regex::new(&format!("{}{closed}", &self.source[from..end])).is_err()
            {
                self.found = Some(from..end);
            }
            Ok(())
        }
    }

    visit(ast, Search { source, found: None }).unwrap_or_default()
}

/// At least one character where there is one, so that there is something to point at.
fn visible(source: &str, place: Range<usize>) -> Range<usize> {
    if place.start < place.end {
        return place;
    }
    match source[place.start..].chars().next() {
        Some(c) => place.start..place.start + c.len_utf8(),
        None => source.char_indices().next_back().map_or(0, |(last, _)| last)..source.len(),
    }
}

fn fault(kind: &ErrorKind) -> Fault {
    match kind {
        ErrorKind::ClassUnclosed
        | ErrorKind::GroupUnclosed
        | ErrorKind::GroupUnopened
        | ErrorKind::GroupNameUnexpectedEof
        | ErrorKind::RepetitionCountUnclosed
        | ErrorKind::FlagUnexpectedEof => Fault::Unclosed,
        ErrorKind::RepetitionMissing | ErrorKind::RepetitionCountDecimalEmpty => Fault::NothingToRepeat,
        ErrorKind::EscapeUnrecognized
        | ErrorKind::EscapeUnexpectedEof
        | ErrorKind::EscapeHexEmpty
        | ErrorKind::EscapeHexInvalid
        | ErrorKind::EscapeHexInvalidDigit
        | ErrorKind::ClassEscapeInvalid => Fault::UnknownEscape,
        ErrorKind::ClassRangeInvalid | ErrorKind::ClassRangeLiteral | ErrorKind::RepetitionCountInvalid => {
            Fault::BadRange
        }
        ErrorKind::UnsupportedLookAround | ErrorKind::UnsupportedBackreference | ErrorKind::UnicodeClassInvalid => {
            Fault::Unsupported
        }
        _ => Fault::Malformed,
    }
}
