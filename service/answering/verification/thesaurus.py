"""Words that announcements use for one another, and words that mean the opposite.

A group holds words that may replace each other in a report of the same fact without making it false.
A word may be in several groups; one alone on its line is ordinary vocabulary that nothing replaces. Words
that only differ by their ending need no entry.
"""

from collections.abc import Iterable
from functools import cache

from indexer import lexicon

_ENGLISH = """
build construct erect construction building
begin start launch commence kick beginning outset onset
end finish stop cease halt discontinue expire close conclude
open reopen inaugurate opening
close shut closure
buy purchase acquire acquisition takeover procure
sell sale sold
pay fund finance contribute contribution cover bear shoulder invest spend payment cost
cost price worth value expense bill amount total charge sum expenditure spending
eligible qualify apply entitle
give donate grant provide provision award allocate hand offer grants
receive get obtain benefit entitle eligible qualify recipient
get win secure award gain receive
earn income earnings salary wage
profit earnings surplus
revenue turnover sales income proceeds
loss deficit
sale sales sold
rise increase grow climb gain growth expand widen up jump surge higher rose grew raise more advance accelerate uptick exceed
raise increase lift hike boost heighten
fall decrease decline drop shrink reduce cut lower slow narrow down slump slip fewer less reduction dip ease contract plunge
cut reduce lower trim decrease reduction slash curb shorten
halve half
double twice
triple treble
remain stay keep hold unchanged maintain leave left steady retain continue
keep retain maintain hold store preserve reserve
unchanged same steady constant
change amend alter modify revise adjust adjustment switch turn convert transform
replace substitute swap exchange replacement instead
improve improvement better enhance upgrade
renovate refurbish modernise modernize restore overhaul repair renovation restoration refurbishment
repair fix mend
extend prolong lengthen expand extension expansion
employ hire recruit job employment worker staff employee engage
worker employee staff workforce personnel
job post position
dismiss layoff redundancy lay
teacher educator instructor
pupil student schoolchild
student pupil learner undergraduate
child kid minor children
adult grown
people person individual human resident inhabitant participant
resident inhabitant local citizen dweller household
citizen resident national
household home family
home house dwelling residence housing flat apartment unit
family household parent
buyer purchaser customer
customer client consumer buyer user subscriber
consumer customer household
patient sufferer
doctor physician
passenger traveller rider commuter traveler
driver motorist
visitor guest attendance
tourist visitor
owner landlord proprietor holder
tenant renter lessee
farmer grower
company firm business enterprise corporation group maker
agency body authority office
authority regulator agency
government cabinet administration state
council board
board committee
department ministry
minister secretary
chief head lead leader
head lead chair chief run
chair head lead chairman chairwoman chairperson preside
manage run operate administer
operate run service
operator company firm
plan intend intention schedule aim project scheme program programme propose want seek mean hope
plan programme program scheme project initiative
aim goal target intend seek objective want hope
expect forecast predict project anticipate estimate outlook projection foresee
estimate reckon put calculate assume expect
consider examine study review weigh assess discuss explore evaluate investigate look
investigate examine probe inquiry check look
review re-examine examine assess reassess revisit
discuss debate talk
propose suggest recommend proposal
decide decision resolve determine vote choose agree rule settle
vote decide ballot back favour favor support
favour favor support back prefer
support back assist help aid favour assistance endorse
approve adopt pass authorise authorize clear endorse approval green-light grant accept
reject refuse deny decline turn dismiss oppose
oppose object resist against
criticise criticize attack complain object criticism
complain criticise protest grumble
warn caution alert
welcome praise applaud
say state tell note add explain report announce remark comment declare according
announce unveil present publish disclose reveal declare report release
promise pledge vow commit assure guarantee
call describe term name label dub
demand call require request urge
ask request seek
request ask demand application
apply application file submit request bid
file submit apply lodge application filing
submit file lodge hand send
accept take receive
register sign enrol enroll registration
choose pick select elect opt selection
appoint name
need require necessary requirement must
require need must demand oblige
allow permit let enable authorise may
permit licence license allow authorisation authorization
ban prohibit forbid bar outlaw
exempt free exclude
include contain comprise part cover involve feature among consist
exclude omit leave
contain hold include
consist comprise make
limit restrict cap confine only limitation
cap limit ceiling maximum
maximum most limit
free charge gratis cost
charge fee bill levy
fee charge toll price fare
fare price ticket
tax levy duty
levy tax fee
fine penalty
grant subsidy aid funding award
loan credit lend
borrow loan
debt liability borrowing
rate level
share proportion part portion percentage stake
amount sum figure volume
number figure count quantity
produce make manufacture production output generate build
generate produce create
supply provide deliver meet provision
deliver supply provide hand delivery
provide supply offer give deliver
use employ utilise utilize apply
consume use consumption
store keep hold storage
carry transport bring hold take
transport carry move convey
journey trip travel ride
trip journey ride voyage
travel journey go
railway rail train track
car vehicle automobile
lorry truck
bus coach
boat vessel ship craft
plane aircraft aeroplane airplane
aircraft plane jet
flight fly
road street
bridge crossing
line route
station stop
airport airfield
port harbour harbor
plant factory facility site
place location site venue
mine pit mining
area zone region district
district area quarter
city town municipality
village settlement
country nation state
world globe
school college
university college
library branch
hospital clinic
building property premises
room space capacity place
seat place
land ground
forest wood woodland
tree wood
water
pool swimming
sea ocean
coast shore coastal
mouth
flood flooding
fire blaze
illness disease sickness
injure hurt wound injury
kill die death
vaccine jab shot vaccination
drug medicine
treat treatment therapy
side adverse
serious severe grave
mild light slight
safe safety secure
danger risk hazard
protect shield safeguard guard protection
prevent avoid stop
fail failure collapse
succeed success
test trial try
trial test study experiment
study research trial survey
researcher scientist
survey poll study
map chart survey
detect find spot discover
find discover identify detect
show demonstrate reveal indicate
measure gauge
measure step action
develop create design devise development invent
create make establish form
establish found set create
award honour honor prize give receive
ceremony presentation event present
present award give
jury panel
winner recipient laureate
nominate nomination
finalist shortlist candidate
candidate nominee applicant
member
president
deputy vice
spokesman spokesperson spokeswoman
union
association federation body
supplier vendor
manufacturer maker producer
contract order deal
order contract commission
deal agreement contract accord
agreement deal accord pact
agree agreement accept consent
bid tender offer
bidder applicant
share stock
shareholder investor
dividend payout
investment spending capital
spend spending outlay expenditure invest
budget funding
money fund cash
year annual yearly
month monthly
week weekly
day daily
currently now present today already
former previous earlier old ex past
previous former earlier last prior preceding
current present existing today
new additional another extra fresh
additional extra more further new another
remaining rest other remainder
other another
first initial
final last
next following coming
follow next succeed come after
later after
early earlier
immediately once straight
soon early
temporary temporarily
permanent permanently good
whole entire full all total
complete finish whole full completion
total overall altogether together combined
average mean typical
large big major
small little minor
major main large
main principal chief major
high tall
long length
weigh weight heavy
deep depth below
wide width
near close
inside within indoors
outside beyond outdoors
online internet web digital
digital online electronic
electric electrical battery
power electricity energy
gas
wind
solar sun
mission project
launch start lift fly
rocket launcher vehicle
orbiter spacecraft probe satellite
land landing
software program application
information data details
customer account
update version
version edition release
book title
film movie
music
exhibition show display
exhibit display show
collection
object item piece artefact
work piece
worker labour labor
wage pay salary
pension retirement
insurance cover insurer
bank lender
interest
bond
mortgage loan
inflation price
economy economic
expert specialist economist
unemployment jobless
export ship
import
tariff duty
trade commerce
negotiate talk negotiation
talk negotiation discussion
meeting session talk
meet meeting
visit
sign signing
law legislation act bill
rule regulation
regulator watchdog authority
parliament assembly legislature
court tribunal
appeal challenge
lawsuit suit
police officer
army military
defect fault flaw
recall withdraw
overheat heat
appointment booking
book reserve booking
depend hinge subject rely conditional
condition if provided
provide if
because due since owing reason
due because expected scheduled
cause reason lead result
result outcome
effect impact
reduce alleviate
benefit advantage help
reserved earmarked reserve set aside
earmark reserve
locate situate
move relocate shift transfer
reach arrive attain hit amount
amount come total reach stand
come amount total follow
favourite
popular
vacant empty unused
schedule timetable plan
deadline date
delay postpone defer late
resume restart return
return resume back
hesitate wait
act move
join
participate take part participation
organise organize hold run
host hold
celebrate mark
commemorate mark
teach lesson class
lesson class course
train training
training course
degree
fit equip install
install fit set put erect instal installation
remove take
destroy demolish
demolish tear
damage harm
clean
pollution emission
waste rubbish
recycle reuse
green environmental
environment
climate
temperature
rain rainfall
snow
drought
storm
barrier wall dam
gate
pipe pipeline
network grid
interconnector link cable
cable line
link connect connection
mainland
island
share split divide
separate split
election poll
majority most
minority
publicly public
private
voluntary volunteer
compulsory mandatory obligatory must
mandatory compulsory obligatory required
optional
available
unavailable
effective force effect
valid
invalid
purpose aim
exceed above over beyond more surpass top
below under less
at least minimum
sufficient enough
lack shortage
rent rental lease
voice express
dissent oppose
tout promote
promote advertise
donation donate gift
sponsor fund
cooperate partner work
together jointly both combined
both two
couple two
per each every
scooter
stock inventory
reserve stock
crop harvest
fish fishing
catch
quota limit
"""

_KOREAN = """
짓 건설 건립 조성 세우 지어 신축 들어서 구축 만들 만든 설립 신설
시작 착수 착공 개시 출범 돌입 시행
시행 실시 운영 적용 도입 시작
끝나 종료 마치 마감 완료 마무리 끝난
완공 준공 완성 완료
개장 개관 개통 문 열 연다 연 개소 개막 운영
폐쇄 닫 문 폐관
사 구매 구입 매입 인수
팔 판매 매각
내 부담 지불 납부 낸다 내야 충당 대 맡
부담 지원 분담 충당
투입 들여 투자 들어 쓰 소요 집행
비용 사업비 예산 금액 값 개발비 공사비 요금
예산 재원 사업비 금액 돈
요금 이용료 가격 값 입장료 관람료 운임
지원 지급 제공 보조 주 보급 혜택
지급 주 지원 제공 받 나눠
제공 주 지급 공급 지원 대 배포 나눠
배포 나눠 나누 보급 제공 지급
보급 배포 제공 지급 공급
받 수령 지급 접수 혜택 지원
접수 신청 받
신청 접수 응모 지원
제출 내 접수
지원금 보조금 지원
보상 배상
월급 임금 급여 보수
소득 수입
매출 수입 판매액
이익 수익 흑자
손실 적자
증가 늘 늘어 늘었 확대 상승 오르 올라 올랐 성장 많 커 불어 급증
확대 늘리 늘 넓히 확장 증가 늘어
인상 올리 오르 올라 높 올린
상승 오르 올라 증가 높아
감소 줄 줄어 줄이 축소 하락 내리 떨어 낮 적 급감 단축
단축 줄 줄어 짧아 줄이 감소
하락 내리 떨어 감소 낮아
낮추 내리 인하 낮아 줄이
높이 올리 높아 인상 끌어올리
유지 지키 계속 그대로 동결
유지 보존 보전
변경 바꾸 바뀌 조정 전환 변하
교체 바꾸 대체
개선 향상 높이
연장 늘리 늘어
연기 미루 늦추 늦춰 미뤄
중단 멈추 그만 정지
재개 다시
고용 채용 뽑 일자리
채용 고용 뽑 선발
노동자 근로자 직원 인력
직원 인력 근로자 임직원
교사 선생님 교원
학생 아동 청소년
어린이 아동 아이 아이들
어르신 노인 고령자 고령층
주민 시민 거주자 군민 도민 구민
시민 주민 사람
청년 젊은이
사람 명 인원
가구 세대
관람객 방문객 이용객 관객
이용객 승객 이용자
회사 기업 업체 사측 측
정부 국가 당국
국비 정부 국가
도비 도
시비 시
군비 군
부처 기관
기관 단체
계획 예정 방침 목표
목적 목표
대책 방안 계획 사업
사업 프로그램 계획 프로젝트 대책
전망 예상 예측 내다보 내다봤 기대 보인다 관측
예상 전망 추산 예측 내다보
추산 추정 예상 집계
기대 전망 바라
검토 살펴 논의 고려
논의 협의 검토
협의 논의 상의
결정 정하 확정 선정
선정 뽑 결정 선발 고르 선택
합의 동의 약속 협약
동의 찬성 승낙
거부 반대 거절
허용 허가 가능
허가 승인 허용
승인 허가 인가
금지 막 제한 못
제한 금지 한정
제외 빠지 빠졌
포함 들어 담 속하
말 밝 전 설명 강조 언급 발표 따르
밝 발표 말 공개 전
발표 공개 밝 공시
공개 발표 선보
강조 말 역설
우려 걱정 염려
지적 비판 말
비판 지적 비난
환영 반기
약속 다짐
통보 알리 안내
알리 통보 공지
사용 이용 쓰 쓸 활용
생산 만들 제조
양산 생산
처리 다루 취급
개발 만들
연구 조사
설치 세우 놓 달 마련
마련 만들 준비
발사 쏘 쏘아
무게 중량
수명 기간
기간 동안
규모 크기 용량 능력
능력 역량 규모
비율 비중 율 몫
전체 모두 총 모든 전부
전액 전부 모두 전체
모두 전부 다 전원 총 합
나머지 남은
절반 반
일부 몇몇
각각 각
평균
최대
최소
연간 한해 매년 해마다 한
매달 월 매월 달마다
월 매달 매월 한달
매일 날마다 하루
하루 매일 일
당초 원래 애초
기존 종전 현재 지금
이전 앞서
최종 마지막
처음 첫
새 신규 새로운
무료 공짜 무상
유료
직접
우선 먼저
개별 각각 각자
개최 열리 열 진행
참여 참가 함께
방문 찾
대상 대상자
기준
종류
곳 군데 장소
지역 곳
섬 도서
앞바다 해상 바다
산 산악
강 하천
도로 길
노선 구간 길
역 정거장
공항
항만 항구 항
부두 선석
배 선박 어선
차 차량 자동차
화물차 트럭
버스
열차 기차
병원 의료기관
환자
의사
질병 병
학교 교
초등학교
수업 강의 교육
교육 수업 연수
연수 교육 훈련
수집 모으
자료 정보 데이터
인공지능 AI
영화 작품
상영 틀 보여
수상 받
상 상금
감독
배우
심사
심사위원
축제 영화제
행사 축제
반도체 칩
공장 시설
시설 설비
설비투자 투자
가동 운영 돌리
수요
주식
배당
정상 꼭대기
등산로 탐방로
예약
출입 입장 들어가
통제 제한 막
개방 열
동물 곰
식물
복원 되살리
보호 지키
물 수돗물
상수도 수도
정수장
누수
관 배관
가뭄
오염
수질
민간 기업
정책 대책 시책
법 법안
회의
의회
의원
노조 노동조합
시점 시기 때
수량 개수
"""

_OPPOSED = """
approve reject
accept reject
adopt reject
include exclude
include exempt
open close
open shut
begin end
start end
begin stop
start stop
allow ban
permit ban
allow prohibit
permit prohibit
permit forbid
allow forbid
success fail
succeed fail
welcome criticise
support oppose
favour oppose
favour against
for against
profit loss
surplus deficit
hire dismiss
eligible ineligible
compulsory voluntary
mandatory optional
mandatory voluntary
temporary permanent
public private
possible impossible
safe unsafe
safe dangerous
available unavailable
sufficient insufficient
known unknown
first last
early late
cheap expensive
inside outside
indoor outdoor
online offline
import export
extend shorten
extend curtail
postpone advance
keep abolish
keep scrap
introduce abolish
win lose
free charge
new old
north south
east west
northern southern
eastern western
upper lower
rich poor
urban rural
male female
men women
포함 제외
찬성 반대
허용 금지
시작 종료
개방 폐쇄
개장 폐쇄
개통 폐쇄
흑자 적자
이익 손실
수입 수출
연장 단축
유료 무료
가능 불가능
의무 자율
공개 비공개
찬성 거부
승인 거부
연기 앞당
환영 반대
환영 비판
민간 정부
남쪽 북쪽
동쪽 서쪽
회복 악화
개선 악화
"""


_VERBS = """
rise rose risen
fall fell fallen
grow grew grown
pay paid
sell sold
buy bought
build built
win won
lose lost
meet met
hold held
keep kept
leave left
lead led
shrink shrank shrunk
choose chose chosen
give gave given
take took taken
begin began begun
spend spent
send sent
teach taught
find found
see saw seen
write wrote written
drive drove driven
know knew known
speak spoke spoken
think thought
bring brought
stand stood
show shown
draw drew drawn
fly flew flown
break broke broken
die dying
child children
man men
woman women
half halves
life lives
"""
"""Words whose forms no stemmer joins."""

_IRREGULAR = {
    form: base for line in _VERBS.strip().splitlines() for base, *forms in [line.split()] for form in forms
}


def stem(word: str) -> str:
    """The stem of an English word in lower case; anything else as it is."""
    return _stem(word)


@cache
def _stem(word: str) -> str:
    if not word.isascii():
        return word
    found = lexicon.terms(_IRREGULAR.get(word, word), "en")
    return found[0] if found else word


def _lines(text: str) -> Iterable[list[str]]:
    return (line.split() for line in text.strip().splitlines())


@cache
def _groups() -> dict[str, frozenset[int]]:
    groups: dict[str, set[int]] = {}
    for number, line in enumerate(_lines(_ENGLISH + _KOREAN.lstrip())):
        for word in line:
            groups.setdefault(_stem(word), set()).add(number)
    return {word: frozenset(numbers) for word, numbers in groups.items()}


@cache
def _opposites() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for line in _lines(_OPPOSED):
        left, right = (_stem(word) for word in line)
        found.setdefault(left, set()).add(right)
        found.setdefault(right, set()).add(left)
    return {word: frozenset(others) for word, others in found.items()}


def groups_of(word: str) -> frozenset[int]:
    """The groups that a stem belongs to."""
    known = _groups()
    if word in known or word.isascii():
        return known.get(word, frozenset())
    # A Korean predicate carries its ending: the longest known beginning counts.
    return next(
        (known[word[:size]] for size in range(len(word) - 1, 1, -1) if word[:size] in known), frozenset()
    )


def opposites_of(word: str) -> frozenset[str]:
    """The stems that mean the opposite of a stem."""
    known = _opposites()
    if word in known or word.isascii():
        return known.get(word, frozenset())
    return next(
        (known[word[:size]] for size in range(len(word) - 1, 1, -1) if word[:size] in known), frozenset()
    )
