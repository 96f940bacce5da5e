"""What columns are called in English, French, Spanish, Arabic and Russian: ours, and columns about people."""

from __future__ import annotations

NAMES: dict[str, str] = {
    "name": """
        name; organisation; organization; organisation name; organization name; name of organisation;
        name of organization; name of the organisation; ngo; group; title; network; nom; nom de
        l'organisation; association; ong; nombre; nombre de la organización; organización; nome;
        organização; название; организация; الاسم; اسم المنظمة; المنظمة; الجمعية
    """,
    "acronym": """
        acronym; abbreviation; short name; abbr; initials; acronyme; sigle; abréviation; acrónimo;
        sigla; siglas; abreviatura; сокращение; الاختصار; الاسم المختصر; also known as; aka
    """,
    "country": """
        country; based in; headquarters; hq; country of registration; home country; seat; pays; siège;
        pays du siège; basé à; país; sede; país sede; con sede en; страна; البلد; الدولة; المقر; بلد
        المقر
    """,
    "works_in": """
        works in; region; regions; region of work; regions of work; countries; countries of work; where;
        where it works; areas of work; geographic focus; geographical focus; geographic scope;
        geography; coverage; scope; intervient en; pays d'intervention; zones d'intervention; zone
        d'intervention; régions; région; couverture; trabaja en; región; regiones; países; países de
        trabajo; cobertura; ámbito geográfico; alcance; регион; регионы; تعمل في; المنطقة; المناطق;
        مناطق العمل; البلدان; نطاق العمل
    """,
    "issues": """
        issues; issue; themes; theme; topics; topic; focus; focus areas; focus area; thematic focus;
        rights; thematic areas; causes; thèmes; thème; thématiques; thématique; sujets; droits;
        domaines; temas; tema; temáticas; temática; asuntos; derechos; áreas temáticas; causas; темы;
        вопросы; القضايا; المواضيع; الموضوعات; مجالات العمل; الحقوق
    """,
    "languages": """
        languages; language; languages spoken; working languages; langues; langue; langues de travail;
        idiomas; idioma; lenguas; lengua; línguas; языки; язык; اللغات; اللغة; لغات العمل
    """,
    "offers": """
        offers; offer; help; support; services; service; what it offers; what they offer; types of
        support; type of support; kind of support; kinds of help; activities; assistance; programmes;
        programs; offres; offre; aide; soutien; appui; types d'aide; activités; ofertas; oferta; ofrece;
        ayuda; ayudas; apoyo; apoyos; tipos de apoyo; servicios; actividades; помощь; услуги; العروض;
        الخدمات; الدعم; المساعدة; أنواع الدعم; الأنشطة
    """,
    "website": """
        website; web site; web; url; site; homepage; home page; link; webpage; site web; site internet;
        lien; page web; sitio web; sitio; página web; página; enlace; сайт; الموقع; الموقع الإلكتروني;
        الرابط
    """,
    "kind": """
        kind; type; category; entity type; genre d'entité; catégorie; tipo; categoría; тип; النوع; الفئة
    """,
}
"""Field → headers, parted by ";"."""

ABOUT_PEOPLE: dict[str, str] = {
    "names of people": """
        first name; last name; surname; family name; given name; full name; legal name; contact; contact
        person; contact name; person; director; representative; focal point; prénom; prénoms; nom de
        famille; nom complet; nom légal; personne de contact; personne contact; représentant; nombres;
        apellido; apellidos; nombre completo; nombre legal; persona de contacto; contacto;
        representante; имя; фамилия; контакт; الاسم الكامل; الاسم الأول; اسم العائلة; الاسم القانوني;
        جهة الاتصال; الشخص المسؤول; المدير
    """,
    "identity numbers": """
        id; id number; id no; identity number; national id; passport; passport number; ssn; tax id; dni;
        dpi; cédula; curp; rfc; nif; cui; pasaporte; número de identidad; identificación; documento;
        cin; cni; carte d'identité; numéro d'identité; passeport; паспорт; رقم الهوية; الهوية; جواز
        السفر; رقم الجواز
    """,
    "telephone numbers": """
        phone; phone number; telephone; tel; mobile; mobile number; cell; cell phone; whatsapp; signal;
        telegram; fax; téléphone; portable; numéro de téléphone; mobile phone; teléfono; celular; móvil;
        número de teléfono; telefone; телефон; الهاتف; هاتف; رقم الهاتف; الجوال; واتساب; contact number
    """,
    "e-mail addresses": """
        email; e mail; mail; email address; e mail address; contact email; courriel; adresse email;
        adresse e mail; correo; correo electrónico; emails; почта; البريد; البريد الإلكتروني
    """,
    "home addresses": """
        address; home address; street; street address; postal address; postcode; zip; adresse; adresse
        postale; domicile; rue; code postal; dirección; domicilio; calle; código postal; endereço;
        адрес; العنوان; عنوان السكن; gps; coordinates; latitude; longitude
    """,
    "dates of birth": """
        date of birth; dob; birth date; birthday; age; date de naissance; âge; fecha de nacimiento;
        edad; дата рождения; تاريخ الميلاد; العمر
    """,
    "what people are": """
        gender; sex; sexual orientation; ethnicity; religion; nationality; sexe; genre; sexo; género;
        etnia; religión; nacionalidad; nationalité; الجنس; الدين; الجنسية
    """,
}
"""What such a column holds → headers. These are never read, and somebody is asked about them."""
