"""Latin spellings of what was dictated in Cyrillic: letter by letter, domain zones, mail hosts."""

_LETTERS = dict(
    zip(
        "абвгдежзийклмнопрстуфхцчшщъыьэюяәғқңөұүһі",
        "a b v g d e zh z i y k l m n o p r s t u f h ts ch sh sch _ y _ e yu ya a g k n o u u h i".split(" "),
        strict=True,
    )
)
_LETTERS["ъ"] = _LETTERS["ь"] = ""

_LATIN_ZONES = (
    "ru su com net org info biz kz uz kg by ua tj am az ge pro me ly io shop store market online site club top app "
    "link tv cc co ai xyz gg example blog space live world digital fun today news sale page website tech group dev "
    "moscow"
)
_SURE_ZONES = """
ru ру руу | рф рф rf эрэф эр_эф | kz кз қз казэт казет кейзет кизет кей_зет кэй_зэт кей_зэт кэй_зет ка_зет ка_зэт ке_зет
com ком | org орг | info инфо | shop шоп | store стор | app апп | biz биз | uz узет ю_зет | kg кей_джи | io ай_оу
рус рус | link линк
"""
_DOUBTFUL_ZONES = """
net нет | pro про | me ме мэ ми | ly ли | su су | by бай | uz уз | kg кг | site сайт | online онлайн | market маркет
club клуб | top топ | store магазин | example экзампл эксэмпл | space спейс
"""
_LETTER_NAMES = """
a эй | b би бэ | c си | d ди дэ | e и е | f эф | g джи | h эйч | i ай | j джей | k кей кэй ка | l эл эль | m эм | n эн
o оу | p пи пэ | q кью | r ар эр | s эс | t ти тэ те т | u ю | v ви вэ в | w дабл_ю | x икс | y уай игрек | z зет зэт
"""
_NAMES = """
mail мейл мэйл маил мель меил майл | gmail джимейл гмейл гмэйл жмейл гмаил жимейл джимэйл джи_мейл | yandex яндекс
bk бк | inbox инбокс | list лист | rambler рамблер | icloud айклауд | outlook аутлук | vk вк вэка
instagram инстаграм инстаграмм | youtube ютуб ютюб | telegram телеграм телеграмм | whatsapp ватсап вотсап вацап
wa ва вэ_а | bit бит | clck кликер | example экзампл
"""


def table(rows: str) -> dict[tuple[str, ...], str]:
    """Rows of a meaning and the words for it, parted by | or line ends; `_` joins the tokens of one word."""
    found = {}
    for row in filter(None, map(str.strip, rows.replace("\n", "|").split("|"))):
        meaning, *words = row.split()
        found.update({tuple(word.split("_")): meaning for word in words})
    return found


SURE_ZONES = {(zone,): zone for zone in _LATIN_ZONES.split()} | table(_SURE_ZONES)
"""Words after «точка» that can only end an address, as tuples of tokens, to the zone."""
DOUBTFUL_ZONES = table(_DOUBTFUL_ZONES)
"""Words that end an address only where something else says that it is one («точка. Нет, …», «точка про …»)."""
LETTER_NAMES = table(_LETTER_NAMES)
NAMES = table(_NAMES)


def transliterate(word: str) -> str:
    """A normalised word in Latin letters as a shop would spell its address."""
    return word if word.isascii() else "".join(_LETTERS.get(letter, letter) for letter in word)
