"""What conditions may use besides facts: functions of CEL, with their meaning. Others are refused at load."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Function:
    """A function, or a macro, that conditions may use. `use` is a condition in which it stands."""

    name: str
    use: str
    meaning: str


FUNCTIONS = (
    Function("contains", 'title.contains("Owner")', "the text has the other one in it"),
    Function("startsWith", 'page.startsWith("/pricing")', "the text begins with the other one"),
    Function("endsWith", 'email_domain.endsWith(".edu")', "the text ends with the other one"),
    Function(
        "matches",
        'title.matches("(?i)\\\\bowner\\\\b")',
        "the text has something in it that fits the regular expression",
    ),
    Function("size", "size(flags) == 0", "how many letters a text, or how many parts a list has"),
    Function("int", 'int(answers["rooms"]) > 3', "a text as a whole number; errors where it is none"),
    Function("double", 'double(answers["budget"]) > 9999.5', "a text as a number; errors where it is none"),
    Function("string", 'string(handoffs) == "1"', "a number as a text"),
    Function("duration", 'duration("90m") > duration("1h")', "a text as a length of time"),
    Function("timestamp", 'timestamp(answers["due"]) < timestamp("2027-01-01T00:00:00Z")', "a text as a moment"),
    Function("type", "type(score) == type(handoffs)", "what kind of value it is"),
)

MACROS = (
    Function("has", "has(answers.timeline)", "whether there is such an answer"),
    Function(
        "exists",
        'pages.exists(page, page.startsWith("/pricing"))',
        "whether the condition holds for a part of the list",
    ),
    Function("exists_one", 'pages.exists_one(page, page == "/pricing")', "whether it holds for just one part"),
    Function("all", 'flags.all(flag, flag != "toll_free")', "whether it holds for every part"),
    Function("filter", 'size(pages.filter(page, page != "/")) > 2', "the parts of the list for which it holds"),
    Function(
        "map", '"a.example" in pages.map(page, page + ".example")', "each part of the list made into something else"
    ),
)
"""They run over a list; one within another is refused (condition_kinds)."""

NAMES = tuple(sorted(each.name for each in FUNCTIONS))
