"""Job titles as people write them, in English and Spanish, and what they come to; any text has an answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policy.roles import department_of, seniority_of
from policy.roles_table import DEPARTMENT_NAMES, DEPARTMENTS, LEVELS, PHRASES

TABLE = [
    ("Owner", "owner", "management"),
    ("OWNER / OPERATOR", "owner", "management"),
    ("Co-Founder & CEO", "owner", "management"),
    ("Founder, Head of Product", "owner", "product"),
    ("Managing Partner", "owner", "management"),
    ("Self-employed", "owner", "management"),
    ("Dueña", "owner", "management"),
    ("Presidente y fundador", "owner", "management"),
    ("C.E.O.", "c_level", "management"),
    ("Chief Revenue Officer", "c_level", "sales"),
    ("Chief Information Security Officer", "c_level", "it"),
    ("President", "c_level", "management"),
    ("Director General", "c_level", "management"),
    ("Consejera delegada", "c_level", "management"),
    ("VP, Sales Ops", "vp", "sales"),
    ("Vice President", "vp", ""),
    ("Vice-President of Marketing", "vp", "marketing"),
    ("SVP Sales", "vp", "sales"),
    ("Vicepresidenta Comercial", "vp", "sales"),
    ("Head of Growth", "director", "marketing"),
    ("Director, HR & Finance", "director", "hr"),
    ("Directora de Operaciones", "director", "operations"),
    ("Chief of Staff", "director", ""),
    ("Director of Student Affairs", "director", ""),
    ("IT Manager", "manager", "it"),
    ("Sr. Mgr., Demand Gen", "manager", "marketing"),
    ("Team Lead - Customer Success", "manager", "customer"),
    ("Gerente de Ventas", "manager", "sales"),
    ("Jefe de compras", "manager", "procurement"),
    ("Encargado de logística", "manager", "operations"),
    ("Manager, Internship Program", "manager", "operations"),
    ("Assistant Manager", "manager", ""),
    ("Senior Software Engineer", "individual", "engineering"),
    ("Account Executive", "individual", "sales"),
    ("Product Owner", "individual", "product"),
    ("Homeowner", "individual", ""),
    ("Assistant to the CEO", "individual", ""),
    ("Executive Assistant", "individual", ""),
    ("Asistente de dirección", "individual", ""),
    ("Principal Engineer", "individual", "engineering"),
    ("Trainee", "individual", ""),
    ("Ingeniería", "individual", "engineering"),
    ("Intern", "intern", ""),
    ("Marketing Intern", "intern", "marketing"),
    ("Intern to the VP", "intern", ""),
    ("Becaria de marketing", "intern", "marketing"),
    ("Student, State University", "student", ""),
    ("PhD student at Rice", "student", ""),
    ("Estudiante de ingeniería", "student", "engineering"),
    ("", "", ""),
    ("   ", "", ""),
    ("—", "", ""),
    (None, "", ""),
]


@pytest.mark.parametrize(("title", "seniority", "department"), TABLE)
def test_a_title_tells_seniority_and_department(title: str | None, seniority: str, department: str) -> None:
    assert (seniority_of(title), department_of(title)) == (seniority, department)


@pytest.mark.parametrize(("title", "seniority", "department"), [row for row in TABLE if row[0]])
def test_case_and_blanks_around_a_title_tell_nothing(title: str, seniority: str, department: str) -> None:
    for written in (title.upper(), title.lower(), f"  {title}\t"):
        assert (seniority_of(written), department_of(written)) == (seniority, department)


@given(st.text(max_size=300) | st.lists(st.sampled_from([*PHRASES, *DEPARTMENTS]), max_size=30).map(" ".join))
def test_any_text_has_an_answer_of_the_list(title: str) -> None:
    assert seniority_of(title) in (*LEVELS, "")
    assert department_of(title) in (*DEPARTMENT_NAMES, "")


def test_each_phrase_alone_tells_what_the_table_says() -> None:
    """A phrase that a longer rule hides would never count."""
    assert {phrase: seniority_of(phrase) for phrase in PHRASES} == PHRASES


def test_a_phrase_stands_under_one_heading_and_without_accents() -> None:
    for table in (PHRASES, DEPARTMENTS):
        assert all(phrase.isascii() and phrase == phrase.lower() and phrase.strip() for phrase in table)
