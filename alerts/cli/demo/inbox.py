"""The pages of the mail catcher: a list, newest first, and each mail as its reader would see it.

A mail's HTML part is shown in a frame of its own, sandboxed by its answer's policy: it can run no script, load
nothing from elsewhere and touch nothing around it; its links open in a new window.
"""

from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from html import escape

PAGE_POLICY = "default-src 'none'; style-src 'self'; frame-src 'self'; img-src data:; base-uri 'none'; form-action 'none'"
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "sandbox allow-popups allow-popups-to-escape-sandbox"
)
HTML = "text/html; charset=utf-8"

STYLE = """\
:root{color-scheme:light dark;--ground:#f3f5f8;--sheet:#fff;--ink:#17202b;--soft:#566372;--line:#d9dee5;--link:#0b57a4;--deep:#14324f;--wash:#eaf0f7}
@media(prefers-color-scheme:dark){:root{--ground:#0f151c;--sheet:#18212b;--ink:#e7ecf2;--soft:#a5b1bf;--line:#2f3b48;--link:#8cc2ff;--deep:#0b1219;--wash:#1f2c3a}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.55 system-ui,"Segoe UI",Roboto,"PingFang SC","Microsoft YaHei","Noto Sans CJK SC",sans-serif;overflow-wrap:anywhere}
header.top{background:var(--deep);color:#fff;padding:.9rem 1.2rem;display:flex;flex-wrap:wrap;gap:.2rem 1rem;align-items:baseline;border-bottom:1px solid var(--line)}
header.top strong{font-size:1.1rem}header.top span{opacity:.8;font-size:.9rem}header.top a{color:#fff}
main{max-width:60rem;margin:0 auto;padding:1.2rem}
a{color:var(--link)}
ol{list-style:none;margin:0;padding:0;background:var(--sheet);border:1px solid var(--line);border-radius:.6rem;overflow:hidden}
li+li{border-top:1px solid var(--line)}
li a{display:block;padding:.8rem 1.1rem;color:inherit;text-decoration:none}
li a:hover,li a:focus-visible{background:var(--wash)}
li b{display:block;color:var(--link)}
.meta{color:var(--soft);font-size:.88rem}
.empty{background:var(--sheet);border:1px dashed var(--line);border-radius:.6rem;padding:3rem 1rem;text-align:center;color:var(--soft)}
h1{font-size:1.35rem;line-height:1.35;margin:.3rem 0 .6rem}
dl{display:grid;grid-template-columns:auto 1fr;gap:.1rem .9rem;margin:0 0 1rem;font-size:.92rem}dt{color:var(--soft)}dd{margin:0}
nav{display:flex;flex-wrap:wrap;gap:.4rem;margin:0 0 .9rem}
nav a{padding:.45rem .95rem;border:1px solid var(--line);border-radius:2rem;text-decoration:none;background:var(--sheet)}
nav a[aria-current]{background:var(--link);border-color:var(--link);color:var(--sheet)}
iframe{display:block;width:100%;height:75rem;border:1px solid var(--line);border-radius:.6rem;background:var(--sheet)}
iframe.phone{width:390px;max-width:100%;margin:0 auto;border-radius:1.4rem;height:52rem}
pre{background:var(--sheet);border:1px solid var(--line);border-radius:.6rem;padding:1.1rem;margin:0;white-space:pre-wrap;font:14px/1.55 ui-monospace,"Cascadia Mono","Noto Sans Mono","Noto Sans Mono CJK SC",monospace}
"""
VIEWS = {
    "html": "Mail · 邮件",
    "phone": "Phone · 手机",
    "text": "Plain text · 纯文本",
    "source": "Source · 原始信件",
}


@dataclass(frozen=True, slots=True)
class Mail:
    """A caught mail; ``message`` is what ``raw`` says."""

    number: int
    sender: str
    recipients: tuple[str, ...]
    raw: bytes
    message: EmailMessage

    @property
    def subject(self) -> str:
        """Return the subject, decoded."""
        return str(self.message.get("Subject", "")) or "(no subject)"

    @property
    def when(self) -> str:
        """Return the mail's own date, as UTC-like text; empty if it has none that can be read."""
        try:
            return f"{parsedate_to_datetime(str(self.message['Date'])):%Y-%m-%d %H:%M:%S %Z}".strip()
        except (ValueError, TypeError):
            return ""

    def part(self, subtype: str) -> str:
        """Return the text of the plain or html part; empty if there is none."""
        body = self.message.get_body((subtype,))
        return str(body.get_content()) if body is not None else ""


def listing(mails: tuple[Mail, ...]) -> bytes:
    """Return the list; it loads itself anew every three seconds."""
    rows = "".join(
        f'<li><a href="/{mail.number}"><b>{escape(mail.subject)}</b>'
        f'<span class="meta">{escape(", ".join(mail.recipients))} · {mail.when}</span></a></li>'
        for mail in reversed(mails)
    )
    empty = '<p class="empty">No mail yet: it appears here by itself.<br>尚无邮件，收到后会自动显示。</p>'
    body = f"<main>{f'<ol>{rows}</ol>' if mails else empty}</main>"
    return _page(f"({len(mails)}) Caught mail", body, '<meta http-equiv="refresh" content="3">')


def show(mail: Mail, view: str) -> bytes:
    """Return the page of one mail."""
    tabs = "".join(
        f'<a href="/{mail.number}?view={key}"{" aria-current=page" if key == view else ""}>{label}</a>'
        for key, label in VIEWS.items()
    )
    facts = "".join(
        f"<dt>{name}</dt><dd>{escape(str(mail.message.get(name, '')))}</dd>"
        for name in ("From", "To", "Date", "Message-ID")
    )
    body = (
        f'<main><p><a href="/">← All mail · 全部邮件</a></p><h1>{escape(mail.subject)}</h1><dl>{facts}</dl>'
        f"<nav>{tabs}</nav>{_view(mail, view)}</main>"
    )
    return _page(escape(mail.subject), body)


def _view(mail: Mail, view: str) -> str:
    if view == "text":
        return f"<pre>{escape(mail.part('plain'))}</pre>"
    if view == "source":
        return f"<pre>{escape(mail.raw.decode('utf-8', 'replace'))}</pre>"
    narrow = ' class="phone"' if view == "phone" else ""
    return (
        f'<iframe{narrow} title="{escape(mail.subject)}" src="/{mail.number}/html" '
        'sandbox="allow-popups allow-popups-to-escape-sandbox"></iframe>'
    )


def framed(mail: Mail) -> bytes:
    """Return the HTML part, with its links made to open in a new window."""
    text = mail.part("html") or f"<pre>{escape(mail.part('plain'))}</pre>"
    target = '<base target="_blank">'
    head, opening, rest = text.partition("<head>")
    return (head + opening + target + rest if opening else target + text).encode()


def _page(title: str, body: str, head: str = "") -> bytes:
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>{head}'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><link rel="stylesheet" href="/style.css"></head>'
        f'<body><header class="top"><strong>Mail catcher · 邮件接收器</strong>'
        f"<span>No mail leaves this machine. 邮件不会离开本机。</span></header>{body}</body></html>\n"
    ).encode()
