"""Companies by name and by domain: what two spellings share, which address is a company's; no text makes them raise."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.companies import company_domain, company_key, domain_of, is_below, is_free_mail
from domain.free_mail import FREE_MAIL


@pytest.mark.parametrize(
    ("key", "spellings"),
    [
        (
            "acme",
            ("Acme", "ACME, Inc.", "acme inc", "The Acme Company", "Acme Corp.", "Acme L.L.C.", "ACME  Co., Ltd."),
        ),
        (
            "ortiz roofing",
            ("Ortiz Roofing", "Ortiz-Roofing LLC", "ORTIZ ROOFING, L.L.C.", "Órtiz Roofing S.A. de C.V."),
        ),
        ("smith and sons", ("Smith & Sons", "Smith and Sons Ltd", "Smith + Sons, LLP")),
        ("construcciones nunez", ("Construcciones Núñez S.L.", "Construcciones Nuñez, S. de R.L. de C.V.")),
        ("muller", ("Müller GmbH", "Müller GmbH & Co. KG", "MULLER AG")),
        ("joes pizza", ("Joe's Pizza", "Joe’s Pizza Inc")),
        ("company", ("The Company", "Company")),
        ("3m", ("3M", "3M Co")),
        ("株式会社トヨタ", ("株式会社トヨタ",)),
        ("", ("", "  ", "!!!", None)),
    ],
)
def test_spellings_of_one_company_share_its_key(key: str, spellings: tuple[str | None, ...]) -> None:
    assert {spelling: company_key(spelling) for spelling in spellings} == dict.fromkeys(spellings, key)


def test_different_companies_have_different_keys() -> None:
    names = ("Acme Roofing", "Acme Plumbing", "Acme", "Acne", "Ace Me")
    assert len({company_key(name) for name in names}) == len(names)


@pytest.mark.parametrize(
    ("given", "domain"),
    [
        ("acme.com", "acme.com"),
        ("ACME.com.", "acme.com"),
        ("mail.us.acme.com", "acme.com"),
        ("acme.co.uk", "acme.co.uk"),
        ("mail.acme.co.uk", "acme.co.uk"),
        ("ventas.acme.com.mx", "acme.com.mx"),
        ("ci.austin.tx.us", "austin.tx.us"),
        ("https://www.acme.com/about?x=1", "acme.com"),
        ("http://acme.com:8080", "acme.com"),
        ("münchen.de", "xn--mnchen-3ya.de"),
        ("co.uk", "co.uk"),
        ("acme", None),
        ("", None),
        (None, None),
        ("127.0.0.1", None),
        ("acme..com", None),
        ("-acme.com", None),
        ("acme com", None),
        ("a@acme.com", None),
        ("x" * 300 + ".com", None),
        ("\0.com", None),
    ],
)
def test_a_company_is_known_by_one_domain(given: str | None, domain: str | None) -> None:
    assert domain_of(given) == domain


@pytest.mark.parametrize("mail", ["gmail.com", "GMAIL.com", "hotmail.com.mx", "tampa.rr.com", "yahoo.co.uk", "web.de"])
def test_free_mail_is_no_companys(mail: str) -> None:
    assert is_free_mail(mail)
    assert company_domain(mail) is None


def test_a_work_address_is_a_companys() -> None:
    assert company_domain("us.acme.com") == "acme.com"
    assert not is_free_mail("notgmail.com")
    assert not is_free_mail(None)


def test_the_list_of_free_mail_is_one_of_domains() -> None:
    assert [domain for domain in FREE_MAIL if domain_of(domain) is None] == []
    assert len(FREE_MAIL) > 200


def test_below_means_a_whole_label() -> None:
    assert is_below("sub.rival.example", ("rival.example",))
    assert is_below("rival.example", ("rival.example",))
    assert not is_below("notrival.example", ("rival.example",))
    assert not is_below("rival.example", ())


@given(st.text(max_size=260))
def test_a_key_is_its_own_key(name: str) -> None:
    assert company_key(company_key(name)) == company_key(name)


@given(st.text(max_size=260) | st.from_regex(r"[a-z0-9.-]{1,80}\.(com|co\.uk|us)", fullmatch=True))
def test_a_domain_is_its_own_domain(raw: str) -> None:
    found = domain_of(raw)
    assert found is None or domain_of(found) == found
    assert company_domain(raw) in (found, None)
