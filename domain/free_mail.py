"""Domains whose mailboxes anybody may have: consumer mail and internet providers. They are no company's. Data only.

Well-known ones, November 2026. A policy adds its own under accounts.free_mail.
"""

_BY_PART_OF_THE_WORLD = {
    "worldwide": """
        aim.com aol.com duck.com email.com fastmail.com fastmail.fm gmail.com gmx.com gmx.net googlemail.com
        hey.com hotmail.com hushmail.com icloud.com inbox.com live.com mac.com mail.com mailbox.org
        mailfence.com me.com msn.com myyahoo.com outlook.com passport.com pm.me posteo.de posteo.net proton.me
        protonmail.ch protonmail.com rediffmail.com rocketmail.com runbox.com simplelogin.com tuta.com tuta.io
        tutamail.com tutanota.com tutanota.de usa.com yahoo.com yandex.com ymail.com zohomail.com
    """,
    "North America: internet providers": """
        adelphia.net alltel.net ameritech.net att.net bell.net bellsouth.net cableone.net centurylink.net
        centurytel.net charter.net comcast.net cox.net earthlink.net embarqmail.com excite.com flash.net
        frontier.com frontiernet.net hotmail.ca hughes.net juno.com live.ca lycos.com mchsi.com mindspring.com
        netscape.net netzero.com netzero.net optimum.net optonline.net outlook.ca pacbell.net peoplepc.com
        prodigy.net q.com rcn.com roadrunner.com rogers.com rr.com sasktel.net sbcglobal.net shaw.ca snet.net
        suddenlink.net swbell.net sympatico.ca tampabay.rr.com tds.net telus.net twc.com verizon.net
        videotron.ca wavecable.com windstream.net wowway.com yahoo.ca
    """,
    "Latin America and Spain": """
        bol.com.br globo.com gmx.es hotmail.com.ar hotmail.com.br hotmail.com.mx hotmail.es ig.com.br
        infinitum.com.mx live.com.ar live.com.mx outlook.com.ar outlook.com.br outlook.es prodigy.net.mx
        telefonica.net terra.com terra.com.br terra.es uol.com.br yahoo.com.ar yahoo.com.br yahoo.com.co
        yahoo.com.mx yahoo.com.pe yahoo.com.ve yahoo.es
    """,
    "Europe": """
        aliceadsl.fr arcor.de bluewin.ch blueyonder.co.uk btinternet.com btopenworld.com eircom.net free.fr
        freenet.de gmx.at gmx.ch gmx.de gmx.fr googlemail.de home.nl hotmail.co.uk hotmail.de hotmail.fr
        hotmail.it hotmail.nl interia.pl laposte.net libero.it live.be live.co.uk live.de live.fr live.it
        live.nl mail.ru neuf.fr ntlworld.com o2.pl onet.pl online.no orange.fr outlook.de outlook.fr outlook.it
        planet.nl sapo.pt seznam.cz sfr.fr sky.com skynet.be t-online.de talk21.com talktalk.net telenet.be
        tiscali.co.uk tiscali.it ukr.net virgilio.it virgin.net virginmedia.com wanadoo.fr web.de wp.pl
        yahoo.co.uk yahoo.de yahoo.fr yahoo.it yandex.ru ziggo.nl
    """,
    "Asia and Pacific": """
        126.com 139.com 163.com bigpond.com bigpond.net.au daum.net docomo.ne.jp ezweb.ne.jp foxmail.com
        hanmail.net hotmail.co.jp iinet.net.au live.com.au naver.com optusnet.com.au outlook.jp qq.com sina.cn
        sina.com softbank.ne.jp sohu.com xtra.co.nz yahoo.co.id yahoo.co.in yahoo.co.jp yahoo.com.au
        yahoo.com.cn yahoo.com.hk yahoo.com.ph yahoo.com.sg yahoo.com.tw yahoo.com.vn yahoo.in
    """,
}

FREE_MAIL = frozenset(domain for domains in _BY_PART_OF_THE_WORLD.values() for domain in domains.split())
