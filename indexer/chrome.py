"""The words by which page chrome is known: buttons, menus, share bars, copyright, related articles.

Saved web pages carry them around and between an announcement's own lines. Three degrees are told
apart: a line that is chrome wherever it stands, a control that is chrome only before and after the
text proper (a lone "Top" between two paragraphs may be a heading), and a line that opens a box of
links or a footer, so that the short lines after it are chrome too.
"""

import re
from collections.abc import Sequence

_LONGEST = 300

_ANYWHERE = re.compile(
    r"""
      ^(?:skip|jump)\ to\ (?:the\ )?(?:main\ )?(?:content|navigation|menu|search)\b
    | ^(?:본문|주?메뉴|콘텐츠|하단|검색)(?:\s?영역)?(?:으로)?\s?(?:바로\s?가기|건너뛰기)
    | ^(?:zum|direkt\ zum)\ (?:haupt)?inhalt\b | ^aller\ au\ contenu | ^(?:saltar|ir)\ al\ contenido
    | ^vai\ al\ contenuto | ^(?:本文|コンテンツ)へ(?:スキップ|移動) | ^跳(?:到|至|转到)(?:主要)?内容
    | ^(?:we|(?:this|our)\ (?:web)?site)(?:\ and\ our\ partners)?\ uses?\ cookies\b(?!\ (?:as|in|for\ the)\b)
    | ^(?:accept|reject|manage)\ (?:all\ )?(?:cookies?|preferences)\b.{0,40}$ | ^cookie\ (?:policy|settings|preferences)$
    | ^wir\ verwenden\ cookies | ^nous\ utilisons\ des\ cookies | ^(?:utilizamos|usamos)\ cookies
    | ^(?:이|본)?\s?(?:웹)?\s?사이트(?:는|에서는).{0,20}쿠키를\s?사용
    | ^(?:advertisement|advertising|sponsored(?:\ content)?|광고|anzeige|werbung|publicité|publicidad|広告|广告)$
    | ^(?:share|tweet|post|pin|email|print|save)\ this\ (?:article|page|post|story|release|news)?\b.{0,30}$
    | ^share\ (?:on|via|to)\ (?:facebook|twitter|x|linkedin|whatsapp|e-?mail)\b.{0,30}$
    | ^(?:follow|join|find|like|connect\ with)\ us(?:\ on\b.{0,60})?$
    | ^(?:subscribe|sign\ up)\b.{0,25}\b(?:newsletters?|channel|alerts|updates)\b.{0,30}$
    | ^was\ this\ (?:page|article|information|content)\ helpful\b
    | ^leave\ a\ (?:comment|reply)$ | ^add\ (?:new|a)\ comment$
    | ^(?:이|본)\s?기사를?\s?(?:공유|추천|구독) | ^기사\s?(?:제보|공유|스크랩|프린트) | ^(?:구독|공유)\s?하기$
    | ^(?:[\w가-힣]+\s?=\s?)?[가-힣]{2,4}\s?(?:선임|수석|전문|인턴)?\s?(?:기자|특파원|논설위원)(?:\s*[(=/]?\s*[\w.+-]+@[\w.-]+\)?)?$
    | ^(?:by\ )?\w[\w.'’-]+(?:\ \w[\w.'’-]+){1,3},?\ (?:staff\ )?(?:reporter|correspondent|staff\ writer)(?:\W+[\w.+-]+@[\w.-]+)?\W*$
    """,
    re.IGNORECASE | re.VERBOSE,
)

_COPYRIGHT = re.compile(
    r"""
      ^\W*(?:©|ⓒ|\(c\)|copyright\s*(?:©|ⓒ|\(c\)|\d{4})|<?\s?저작권자|版权所有|著作権)
    | \ball\ rights\ reserved\W*$ | alle\ rechte\ vorbehalten\W*$ | tous\ droits\ réservés\W*$
    | todos\ (?:los\ derechos|os\ direitos)\ reservados\W*$ | tutti\ i\ diritti\ riservati\W*$
    | 무단\s?전재.{0,40}금지 | (?:無断転載|無断複製).{0,20} | 保留所有权利\W*$ | 未经.{0,12}(?:授权|许可).{0,20}$
    """,
    re.IGNORECASE | re.VERBOSE,
)

_RELATED = re.compile(
    r"""
    ^\W*(?:
      related\ (?:articles?|stories|story|news|posts?|press\ releases?|content|coverage|reading)
    | (?:more|other|latest|recent|top|popular|trending|recommended)\ (?:articles|stories|news|posts|press\ releases|headlines)
    | most\ (?:read|popular|viewed|shared) | you\ (?:may|might)\ also\ like | recommended(?:\ for\ you)? | (?:read|up)\ next
    | (?:관련|추천|인기|다른|최신|주요|실시간)\s?(?:기사|뉴스) | 많이\s?본\s?(?:뉴스|기사) | 이\s?시각\s?(?:주요\s?)?뉴스
    | (?:ähnliche|weitere|verwandte)\ (?:artikel|meldungen|beiträge|themen) | mehr\ zum\ thema | meistgelesen
    | articles?\ (?:liés|similaires|connexes) | (?:à\ lire|lire)\ aussi | les\ plus\ lus
    | (?:artículos|noticias)\ relacionad[ao]s | te\ puede\ interesar | lo\ más\ leído
    | articoli\ correlati | leggi\ anche | artigos\ relacionados | leia\ também
    | 関連(?:記事|ニュース) | 人気記事 | あわせて読みたい | (?:相关|热门)(?:新闻|文章|阅读|推荐) | 推荐阅读
    )\W*$
    """,
    re.IGNORECASE | re.VERBOSE,
)


def _phrases(listed: str) -> frozenset[str]:
    return frozenset(phrase for line in listed.strip().splitlines() for phrase in line.strip().split("|"))


_BUTTONS = _phrases(
    """
    home|menu|main menu|all menu|search|site map|sitemap|log in|login|log out|logout|sign in|sign up|sign out|register|my page
    subscribe|newsletter|rss|print|share|tweet|email|e-mail|save|bookmark|download|close|open|top|go to top|back to top|scroll to top
    back|next|previous|prev|list|more|read more|show more|view all|text size|font size|listen|listen to article|copy|copy link|copy url
    like|dislike|comment|comments|reply|report|yes|no|ok|cancel|accept|accept all|reject|reject all|manage preferences|language|languages
    privacy|privacy policy|privacy notice|terms|terms of use|terms of service|terms and conditions|legal notice|imprint|cookies
    facebook|twitter|x|instagram|youtube|linkedin|whatsapp|telegram|kakaotalk|tiktok|threads|wechat|weibo|reddit|mastodon|bluesky
    en|de|fr|es|it|pt|nl|ja|ko|zh|kr|jp|cn|english|deutsch|français|español|italiano|한국어|日本語|中文|a|a+|a-|aa|t|t+|t-
    홈|메뉴|전체메뉴|전체 메뉴|검색|통합검색|로그인|로그아웃|회원가입|마이페이지|사이트맵|구독|구독하기|공유|공유하기|인쇄|인쇄하기|프린트|스크랩
    닫기|열기|목록|목록으로|이전|다음|이전글|다음글|맨위로|맨 위로|위로|상단으로|탑|더보기|글자크기|글자 크기|글씨크기|글자크기 조절|가|크게|작게|듣기|기사듣기|음성듣기
    복사|링크 복사|링크복사|url복사|url 복사|기사 url 복사|페이스북|트위터|카카오톡|카카오스토리|네이버|네이버 블로그|밴드|인스타그램|유튜브|텔레그램|이메일|메일|댓글|댓글쓰기
    좋아요|화나요|슬퍼요|훈훈해요|후속기사 원해요|추천|추천해요|신고|알림|광고문의|광고안내|제휴문의|기사제보|이용약관|개인정보처리방침|개인정보 처리방침|청소년보호책임자
    청소년보호정책|저작권정책|이메일무단수집거부
    startseite|suche|suchen|anmelden|abmelden|registrieren|drucken|teilen|schließen|nach oben|zurück|weiter|impressum|datenschutz|agb|merken|menü
    accueil|rechercher|connexion|imprimer|partager|fermer|haut de page|retour|suivant|précédent|mentions légales
    inicio|buscar|iniciar sesión|imprimir|compartir|cerrar|volver|siguiente|anterior|aviso legal
    cerca|stampa|condividi|chiudi|accedi|início|entrar|partilhar|compartilhar|fechar
    ホーム|メニュー|検索|ログイン|印刷|シェア|共有|閉じる|トップ|ページトップへ|トップへ戻る|一覧|戻る|次へ|前へ|プライバシーポリシー|利用規約|サイトマップ
    首页|主页|菜单|搜索|登录|注册|打印|分享|关闭|返回|返回顶部|顶部|上一页|下一页|上一篇|下一篇|隐私政策
    """
)

_TOPICS = _phrases(
    """
    news|newsroom|press|press releases|media|about|about us|contact|contact us|faq|help|join|careers|jobs|products|services|industries|solutions
    investors|company|support|shop|store|events|blog|legal|accessibility|disclaimer|cookie policy|politics|economy|business|world|national|society
    culture|sports|sport|opinion|technology|tech|science|entertainment|lifestyle|health|video|videos|photo|photos|markets|finance|real estate
    travel|weather|international|local|editorial|line
    뉴스|정치|경제|사회|문화|국제|스포츠|연예|오피니언|사설|칼럼|산업|증권|부동산|금융|생활|과학|기술|it|포토|영상|동영상|전국|지역|세계|건강|여행|날씨|회사소개|고객센터
    찾아오시는 길|공지사항|자주 묻는 질문|보도자료|알림마당|정보공개|국민참여|기관소개|누리집 안내지도
    kontakt|über uns|politik|wirtschaft|kultur|wissenschaft|politique|économie|monde|contacto|política|economía|contatti|contato
    お問い合わせ|政治|経済|社会|国際|文化|スポーツ|联系我们|关于我们|新闻|时政|财经|体育|科技
    """
)

_MENU = _BUTTONS | _TOPICS
_SEPARATORS = re.compile(r"\s{2,}|\s*[|›»>/]\s*|\s+[·•]\s+|\t")
_IDENTIFIER = re.compile(r"[a-z]+(?:_[a-z]+)+|[a-z]+(?:-[a-z]+)*-(?:btn|button|icon|wrap|nav)")
_COUNT = re.compile(r"[\s(\[]*\d[\d,.]*[kKmM만]?[)\]]*$")
_EDGES = re.compile(r"^[^\w]+|[^\w+-]+$")


def is_chrome(line: str) -> bool:
    """Whether ``line`` is page chrome wherever it stands."""
    if len(line) > _LONGEST:
        return False
    return any(pattern.search(line) for pattern in (_ANYWHERE, _COPYRIGHT, _RELATED))


def opens_links(line: str) -> bool:
    """Whether ``line`` stands over a box of links to other pages ("Related articles")."""
    return len(line) <= _LONGEST and bool(_RELATED.search(line))


def opens_footer(line: str) -> bool:
    """Whether only the page's footer can follow ``line`` (a copyright notice)."""
    return len(line) <= _LONGEST and bool(_COPYRIGHT.search(line))


def is_control(line: str) -> bool:
    """Whether ``line`` is a button, a row of them or a trail of links: chrome at a text's edges."""
    if len(line) > _LONGEST:
        return False
    words = _SEPARATORS.split(line.strip())
    return all(_plain(word) in _BUTTONS for word in words) or is_menu(words)


def is_menu(entries: Sequence[str]) -> bool:
    """Whether three or more short ``entries`` are mostly the names that menus have."""
    if len(entries) < 3 or any(len(entry) > 30 or entry.count(" ") > 2 for entry in entries):
        return False
    return 2 * sum(_plain(entry) in _MENU for entry in entries) >= len(entries)


def _plain(word: str) -> str:
    """``word`` as the lists have it: without a count after it or symbols around it."""
    word = word.casefold()
    if word in _BUTTONS:
        return word
    if _IDENTIFIER.fullmatch(word):
        return "menu"
    return _EDGES.sub("", _COUNT.sub("", word))
