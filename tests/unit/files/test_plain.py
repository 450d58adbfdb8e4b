from dialogue.plain import plain_text
from dialogue.posts import Button, Buttons, Fact, Facts, Heading, Paragraph, Post, Quote, Words
from knowledge_base.channels import Audience, Origin

ORIGIN = Origin("c", "s", "help", Audience.PUBLIC)


def test_every_block_is_shown_in_order():
    words = Words("the export\ndrops my tags", ORIGIN, "m1")
    post = Post(
        (
            Heading("Problem #3"),
            Quote(words, Words("Anna", ORIGIN, "m1"), "https://example.org/1"),
            Quote(words, "somebody"),
            Paragraph(words),
            Facts((Fact("Demand", "2"), Fact("Status", "new"))),
            Buttons((Button("Plan", "plan:3"), Button("Decline", "decline:3"))),
        )
    )
    assert plain_text(post).splitlines() == [
        "Problem #3",
        "> the export",
        "> drops my tags",
        "— Anna https://example.org/1",
        "> the export",
        "> drops my tags",
        "— somebody",
        "the export",
        "drops my tags",
        "Demand: 2",
        "Status: new",
        "[Plan] [Decline]",
    ]
