"""Which statements say nothing in particular, in the languages that are shipped."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge_base.vagueness import Saying, saying

CALLS = (
    "can anybody help?",
    "need help",
    "anyone?",
    "Hello everyone, may I ask a quick question please",
    "could someone help me ASAP",
    "does anyone know?",
    "kann mir jemand helfen?",
    "hallo, ich habe eine Frage",
    "quelqu'un peut m'aider s'il vous plaît ?",
    "alguien me puede ayudar por favor?",
    "qualcuno può aiutarmi?",
    "alguém pode me ajudar?",
    "kan iemand mij helpen?",
    "czy ktoś może mi pomóc?",
    "biri yardım edebilir mi?",
    "кто-нибудь может помочь?",
    "有人可以帮忙吗?",
    "请问有人在吗",
    "誰か助けてください",
    "도와주세요",
    "هل يمكن أحد مساعدتي",
    "can anyboyd help",
    "plz help me some1",
    "could sombody please anwser",
    "kann mir jemnad helfen?",
    "alguein me puede ayudar",
    "sineva: can you help?",
    "wrong channel",
    "sineva: this is the wrong channel",
    "this is off topic here",
    "please ask in another channel",
    "ok hang on. Let me see",
    "falscher Kanal",
    "mauvais canal",
    "canal equivocado",
    "не тот канал",
    "I don't understand",
    "not sure what you mean",
    "ich verstehe das nicht",
    "je ne comprends pas",
    "no entiendo",
    "я не понимаю",
)
TROUBLES = (
    "it doesn't work",
    "It does NOT work!!!",
    "it still isn't working :(",
    "I have a problem",
    "there is an error",
    "I get the same error",
    "that's strange",
    "something went wrong",
    "nothing works, please help",
    "es funktioniert nicht",
    "das geht nicht mehr",
    "ça ne marche pas",
    "il y a un problème",
    "no funciona",
    "hay un problema",
    "non funziona niente",
    "não funciona",
    "het werkt niet",
    "to nie działa",
    "mam problem",
    "çalışmıyor",
    "не работает",
    "у меня проблема",
    "不能用",
    "这个不行了",
    "動きません",
    "うまくいかない",
    "작동하지 않아요",
    "لا يعمل",
    "I have a porblem",
    "sineva: I can't find it",
    "I got another error",
    "something went worng",
    "it doesn't work: https://example.com/log",
    "can anybody help? https://example.com/log",
    "I get an error\n```\nTraceback\n```",
    "sineva, it doesn't work",
)
SOMETHING = (
    "the export doesn't work",
    "can anybody help me with the invoices?",
    "login problem",
    "it crashes when I save",
    "error E1042",
    "Windows: it doesn't work",
    "the chat is down",
    "it opens the wrong chat",
    "the right channel doesn't work",
    "wrong channel on the invoice",
    "I do not understand the invoice",
    "the brake doesn't work",
    "it hangs on start",
    "I can't find the invoices",
    "add another",
    "stock is wrong",
    "der Export geht nicht",
    "l'application ne marche plus sur mon iPhone",
    "la exportación no funciona",
    "Eksport nie działa",
    "экспорт не работает",
    "导出功能不能用",
    "エクスポートが動きません",
    "내보내기가 작동하지 않아요",
    "التصدير لا يعمل",
    "ช่วยด้วย ส่งออกไม่ได้",
)


@pytest.mark.parametrize("text", CALLS)
def test_calls_for_somebody(text: str) -> None:
    assert saying(text) is Saying.CALL


@pytest.mark.parametrize("text", TROUBLES)
def test_that_something_is_wrong(text: str) -> None:
    assert saying(text) is Saying.TROUBLE


@pytest.mark.parametrize("text", SOMETHING)
def test_what_is_named_is_something(text: str) -> None:
    assert saying(text) is Saying.SOMETHING


@settings(max_examples=200)
@given(st.text(st.characters(exclude_categories=[])))
def test_any_text_is_one_of_them(text: str) -> None:
    assert saying(text) in Saying
    assert saying(f"the invoices {text}") is Saying.SOMETHING


def test_a_long_text_takes_no_longer() -> None:
    assert saying("有人吗" * 100_000) is Saying.CALL
    assert saying("問" * 100_000 + "請求書") is Saying.SOMETHING
