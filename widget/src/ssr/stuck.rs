//! When the module does not come, or this browser cannot run it.

use crate::parts;

/// The part of the document's script that begins; until the module is there, sending the form is noted. `import` is what
/// brings the module and starts it; `Q` in it is what is put behind the address from the second time on, because browsers
/// remember what did not come.
///
/// Whoever waits is told why, and what they write is kept where the client would keep it, so that a reload costs nothing.
/// It is tried again when they ask for it, when they send the form, and when the network is back. Two clients at once
/// there cannot be: a second beginning waits for the first.
pub(super) fn beginning(import: &str) -> String {
    format!(
        "let Q='',O;const Z=g('{stuck}'),[W,A]=Z.children,P='deskbell.'+JSON.parse(g('{data}').textContent).key+'.',\
         begin=_=>O||={import}.then(_=>{{if(Z.contains(d.activeElement))(f.offsetParent?f.querySelector('h2'):g('{message}')).focus();\
         Z.hidden=true}},_=>{{O=0;Q='?'+Date.now();\
         if(!self.WebAssembly)W.textContent=Z.dataset.never,A.hidden=true;\
         Z.hidden=false;W.textContent+='';\
         for(const e of d.querySelectorAll('[{key}]:not([type=checkbox]),#{message}')){{\
         const n=P+(e.dataset.key?'field.'+e.dataset.key:'draft'),t=w=>{{try{{w()}}catch{{}}}};t(_=>e.value||=localStorage[n]||'');\
         e.oninput=_=>t(_=>localStorage[n]=e.value)}}\
         A.onclick=begin;addEventListener('keydown',e=>e.key=='Escape'&&!Z.hidden&&g('{close}').click());addEventListener('online',begin)}});\
         f.onsubmit=e=>{{e.preventDefault();f.dataset.early=1;begin()}};\
         g('{composer}').onsubmit=e=>{{e.preventDefault();begin()}};begin()",
        stuck = parts::STUCK,
        data = parts::DATA,
        message = parts::MESSAGE,
        key = parts::KEY,
        close = parts::CLOSE,
        composer = parts::COMPOSER,
    )
}
