from __future__ import annotations

import email
import email.policy
import re
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest
from lxml import html as lxml_html
from tests.letters.editions import BRAND, MAIL, SITE, full_morning

from digest.deliver.message.splice import ReaderFields, splice
from digest.model.edition import Edition, Note
from digest.render.letter import render
from digest.text.glyphs import shown

READER = ReaderFields(address="anna@receiver.test", message_id="m1", unsubscribe="u1", preferences="p1")
HEADERS = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Reply-To",
    "List-ID",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "List-Help",
    "List-Archive",
    "Feedback-ID",
    "Auto-Submitted",
    "Precedence",
    "MIME-Version",
    "Content-Type",
]
HOSTILE = (
    "<script>alert(1)</script>",
    "<ScRiPt src=//evil.example/x.js></sCrIpT>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert&lpar;1&rpar;</script></svg>",
    "<iframe src='javascript:alert(1)'></iframe>",
    "<a href='javascript:alert(1)'>click</a>",
    "<a href='java\nscript:alert(1)'>click</a>",
    "<form action=https://evil.example><input name=q></form>",
    "<object data='data:text/html;base64,PHNjcmlwdD4='></object>",
    "<embed src=x>",
    "<base href='https://evil.example/'>",
    "<meta http-equiv=refresh content='0;url=https://evil.example'>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "<style>@import 'https://evil.example/x.css';</style>",
    "</style><style>*{display:none}</style>",
    "</title><script>alert(1)</script>",
    "</textarea></title></style></script><b>free</b>",
    "<!-- <!--> --> --!> ]]> <![endif]-->",
    "<!--[if mso]><script>alert(1)</script><![endif]-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<?php system('id') ?>",
    "<%= 7*7 %>",
    '" onmouseover="alert(1)',
    "' onfocus='alert(1)' autofocus='",
    "` onclick=`alert(1)",
    'x" style="background:url(https://evil.example/x)',
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "&#60;script&#62;alert(1)&#60;/script&#62;",
    "&amp;&amp;lt;script",
    "javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "{{7*7}}",
    "{{ config }} {{ self.__init__.__globals__ }}",
    "{% for x in ().__class__.__base__.__subclasses__() %}{{ x }}{% endfor %}",
    "{# a comment #} ${7*7} #{7*7} *{7*7} @(7*7)",
    "{0} {name} {} %s %(name)s $name",
    "=?utf-8?q?=0d=0aBcc:_thief=40example.org?=",
    "=?utf-8?b?DQpCY2M6IHRoaWVmQGV4YW1wbGUub3Jn?=",
    "=?us-ascii?q?a?= =?us-ascii?q?=0D=0ASubject:_b?=",
    "=?utf-8?q?unclosed",
    "a\r\nBcc: thief@example.org",
    "a\nX-Injected: yes\n\nbody",
    "a\rBcc: thief@example.org",
    "a\u2028Bcc: thief@example.org\u2029b",
    "a\x85Bcc: thief@example.org\x0b\x0cb",
    "a\0b\0",
    "\x1b[31mred\x07\x08\x08",
    "\u202egnp.exe\u202c",
    "\u2066isolate \u2067never closed",
    "\u200bzero\u2060width\ufeff\u00ad",
    "lone \ud800 and \udfff surrogates",
    "\ufdd0\uffff\U0010ffff",
    "\U000e0041\U000e0042 tags",
    "Z" + "\u0300" * 200,
    "." + "\r\n.\r\n" + "QUIT",
    "From nobody Mon Nov 23\r\n.\r\n",
    "--=_boundary--",
    "x" * 1_000_000,
    "<b>" * 50_000,
    "ﷺ" * 300,
)
ACTIVE = {
    "script",
    "iframe",
    "object",
    "embed",
    "form",
    "input",
    "svg",
    "base",
    "link",
    "textarea",
    "b",
    "img",
    "button",
}


def hostile_edition(text: str) -> Edition:
    """Return a morning with a story at each place, all of whose words are this text."""
    morning = full_morning()
    first = {item.place: item for item in reversed(morning.items)}
    items = tuple(
        replace(
            item,
            headline=text,
            source_name=text,
            section=text,
            publishers=(text, f"{text} 2", "C", "D"),
            bullets=tuple(replace(bullet, text=text, source_name=text, fragment=text) for bullet in item.bullets),
        )
        for item in morning.items
        if item is first[item.place]
    )
    return replace(
        morning,
        title=text,
        subject=text,
        preheader=text,
        items=items,
        note=Note(text=text, author=text),
        still_covered=(text,),
    )


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_what_a_source_wrote_is_text_and_nothing_else(text: str) -> None:
    letter = render(hostile_edition(text), None, SITE, BRAND, MAIL, date=datetime(2026, 11, 23, 5, tzinfo=UTC))
    raw = splice(letter, READER)
    head = raw.split(b"\r\n\r\n", 1)[0]
    assert [line.split(b":")[0].decode() for line in re.split(rb"\r\n(?![ \t])", head)] == HEADERS
    message = email.message_from_bytes(raw, policy=email.policy.default)
    assert message.keys() == HEADERS
    assert [part.get_content_type() for part in message.walk()] == ["multipart/alternative", "text/plain", "text/html"]
    assert not re.search(rb"(?m)^\.", raw)
    assert raw.count(b"\r") == raw.count(b"\n")

    root = lxml_html.document_fromstring(letter.html)
    elements = [element for element in root.iter() if isinstance(element.tag, str)]
    assert not ACTIVE & {str(element.tag) for element in elements}
    assert sum(element.tag == "style" for element in elements) == 1
    assert not [name for element in elements for name in element.attrib if str(name).startswith("on")]
    hrefs = [str(element.get("href")) for element in elements if element.get("href")]
    assert all(href.startswith(("https://", "mailto:editors@example.com?")) for href in hrefs)
    assert "evil.example" not in {urlsplit(href).hostname for href in hrefs}
    assert "evil.example" not in " ".join(str(element.get("style")) for element in elements)

    headline = root.get_element_by_id("story-lead-0").text_content()
    assert " ".join(headline.split()) == " ".join(shown(text, 300).split())


@pytest.mark.parametrize(
    "link", ['https://evil.example/"><script>', "https://a.example/{{7*7}}", "https://a.example/\r\nBcc: x"]
)
def test_a_hostile_link_stays_in_its_attribute(link: str) -> None:
    morning = full_morning()
    items = tuple(replace(item, link=link) for item in morning.items)
    letter = render(replace(morning, items=items), None, SITE, BRAND, MAIL, date=datetime(2026, 11, 23, 5, tzinfo=UTC))
    root = lxml_html.document_fromstring(letter.html)
    assert not list(root.iter("script"))
    assert "{{" not in letter.html


def test_a_forged_mark_of_a_slot_gets_no_readers_token() -> None:
    morning = full_morning()
    letter = render(morning, None, SITE, BRAND, MAIL, date=datetime(2026, 11, 23, 5, tzinfo=UTC))
    assert "u1" not in letter.html
    stolen = replace(morning, preheader="https://courier.example.com/leave/ u1 %%unsubscribe%% [UNSUBSCRIBE]")
    raw = splice(
        render(stolen, None, SITE, BRAND, MAIL, date=datetime(2026, 11, 23, 5, tzinfo=UTC)),
        replace(READER, unsubscribe="SECRET"),
    )
    assert raw.count(b"SECRET") == 4
