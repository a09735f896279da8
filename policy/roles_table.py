"""Phrases of job titles, without accents and in small letters, and what each tells. Data only; roles.py reads it.

A phrase hides the shorter ones within it: a product owner owns nothing, and student affairs are no student's work.
"""

LEVELS = ("owner", "c_level", "vp", "director", "manager", "individual", "intern", "student")
"""Seniority, the highest first."""

RUNS_ALL = ("owner", "c_level")
"""Whose department is the whole of it when their title names none."""

_BY_LEVEL = {
    "owner": """
        owner, co owner, coowner, owner operator, business owner, founder, co founder, cofounder, partner,
        managing partner, general partner, proprietor, franchisee, entrepreneur, self employed, selfemployed,
        freelancer, freelance, sole trader, dueno, duena, propietario, propietaria, fundador, fundadora,
        cofundador, cofundadora, socio, socia, emprendedor, emprendedora, autonomo, autonoma, empresario,
        empresaria, titular, administrador unico
    """,
    "c_level": """
        ceo, cfo, coo, cto, cio, cmo, cro, cso, cpo, cdo, ciso, chro, cco, president, presidente, presidenta,
        chairman, chairwoman, chairperson, chair, executive director, managing director, md, general director,
        director general, directora general, director ejecutivo, directora ejecutiva, gerente general, consejero
        delegado, consejera delegada, board member
    """,
    "vp": """
        vp, svp, evp, avp, rvp, vice president, vicepresident, vicepresidente, vicepresidenta, senior vice
        president, executive vice president, assistant vice president, associate vice president, deputy
        president, vice presidente, vice presidenta
    """,
    "director": """
        director, directora, dir, head, principal, dean, controller, treasurer, chief of staff, administrator,
        general counsel, director comercial, directora comercial, general manager, gm, subdirector,
        subdirectora, cabeza, decano, decana, tesorero, tesorera, contralor, contralora
    """,
    "manager": """
        manager, mgr, mngr, supervisor, supervisora, lead, leader, team lead, team leader, foreman, forewoman,
        superintendent, superintendente, coordinator, coordinador, coordinadora, gerente, gte, jefe, jefa,
        encargado, encargada, responsable, lider, capataz, maestro de obra
    """,
    "individual": """
        home owner, homeowner, property owner, product owner, process owner, account executive, sales executive,
        marketing executive, executive assistant, administrative assistant, lead generation, lead gen, principal
        engineer, principal consultant, principal architect, principal scientist, partner manager, partner
        success, partner marketing, systems administrator, system administrator, network administrator, database
        administrator, salesforce administrator, it administrator, sysadmin, head hunter, head chef, chief of
        party, board certified, business partner, hr business partner, vice principal, analyst, associate,
        assistant, engineer, developer, specialist, consultant, representative, rep, agent, technician, clerk,
        accountant, bookkeeper, designer, teacher, nurse, realtor, broker, architect, programmer, writer,
        editor, buyer, recruiter, officer, administrative, secretary, receptionist, driver, retired, unemployed,
        homemaker, analista, asistente, ingeniero, ingeniera, desarrollador, desarrolladora, especialista,
        consultor, consultora, representante, agente, tecnico, tecnica, contador, contadora, contable, vendedor,
        vendedora, ejecutivo de ventas, ejecutiva de ventas, ejecutivo de cuentas, ejecutiva de cuentas,
        auxiliar, secretaria, secretario, recepcionista, jubilado, jubilada, asesor, asesora, comercial,
        administrativo, administrativa, disenador, disenadora, student affairs, student services, student
        success, student life, student housing, student loans, intern program, internship program, asuntos
        estudiantiles, trainee, apprentice, aprendiz, intern coordinator
    """,
    "intern": """
        intern, internship, summer intern, becario, becaria, practicante, pasante, en practicas
    """,
    "student": """
        student, students, undergraduate, undergrad, graduate student, phd candidate, phd student, mba
        candidate, mba student, doctoral candidate, pupil, estudiante, estudiantes, alumno, alumna,
        universitario, universitaria, doctorando, doctoranda
    """,
}

_BY_DEPARTMENT = {
    "sales": """
        sales, business development, biz dev, bizdev, bdr, sdr, account executive, account manager, account
        management, key account, cro, chief revenue, revenue, commercial, inside sales, ventas, venta,
        comercial, vendedor, vendedora, ejecutivo de cuentas, ejecutiva de cuentas, desarrollo de negocios,
        presales, partnerships, realtor, realty
    """,
    "marketing": """
        marketing, mktg, mkt, growth, demand generation, demand gen, lead generation, lead gen, brand, branding,
        communications, comms, content, seo, social media, advertising, public relations, pr, product marketing,
        cmo, mercadeo, mercadotecnia, publicidad, comunicacion, comunicaciones, redes sociales, events, digital
        marketing, media, community manager
    """,
    "it": """
        it, information technology, information systems, information security, cybersecurity, security engineer,
        ciso, cio, systems administrator, system administrator, sysadmin, network, networks, infrastructure,
        help desk, helpdesk, database, tecnologia, tecnologias, sistemas, informatica, ti, chief information, it
        administrator, salesforce administrator, devops
    """,
    "engineering": """
        engineering, engineer, software, developer, development, developers, programmer, cto, technology,
        technical, architect, data, machine learning, research, r d, qa, quality assurance, ingenieria,
        ingeniero, ingeniera, desarrollo, desarrollador, desarrolladora, programador, programadora, datos,
        investigacion, chief technology
    """,
    "finance": """
        finance, financial, accounting, accountant, accounts payable, accounts receivable, cfo, controller,
        treasurer, treasury, bookkeeper, bookkeeping, tax, audit, auditor, billing, payroll, fp a, finanzas,
        financiero, financiera, contabilidad, contador, contadora, contable, tesoreria, tesorero, tesorera,
        nomina, contralor, contralora, facturacion
    """,
    "operations": """
        operations, operation, ops, coo, logistics, supply chain, warehouse, facilities, facility, plant,
        production, manufacturing, maintenance, fleet, dispatch, dispatcher, project, program, field,
        construction, operaciones, logistica, almacen, produccion, mantenimiento, planta, obra, proyectos,
        revops, revenue operations, office manager, administration, administracion, store, restaurant, tienda,
        branch, office, site
    """,
    "hr": """
        hr, human resources, people, talent, recruiting, recruiter, recruitment, chro, benefits, learning,
        training, recursos humanos, rrhh, rh, talento, personas, seleccion, hr business partner, head hunter
    """,
    "product": """
        product, products, ux, design, designer, producto, productos, diseno, disenador, disenadora
    """,
    "customer": """
        customer, customers, customer success, customer service, customer support, client, clients, support,
        service, services, member services, atencion al cliente, servicio al cliente, clientes, soporte,
        servicio
    """,
    "legal": """
        legal, counsel, general counsel, attorney, lawyer, compliance, paralegal, juridico, juridica, abogado,
        abogada, cumplimiento
    """,
    "procurement": """
        procurement, purchasing, buyer, sourcing, compras, adquisiciones, comprador, compradora
    """,
}


def _by_phrase(table: dict[str, str]) -> dict[str, str]:
    return {" ".join(phrase.split()): told for told, phrases in table.items() for phrase in phrases.split(",")}


PHRASES = _by_phrase(_BY_LEVEL)
"""A phrase, and the seniority it tells."""

DEPARTMENTS = _by_phrase(_BY_DEPARTMENT)
"""A phrase, and the department it tells."""

DEPARTMENT_NAMES = (*_BY_DEPARTMENT, "management")
"""All departments; management is whoever RUNS_ALL, and is in no phrase."""
