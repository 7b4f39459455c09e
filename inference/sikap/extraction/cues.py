"""List the words that report speech, and the acts that are speech themselves."""

from __future__ import annotations

from sikap.extraction.words import words

BARE_CUES = words(
    """kata ujar ucap tutur tegas ungkap papar jelas imbuh tambah tandas sebut tulis cuit lanjut sambung pungkas
    terang beber tukas kilah seru pinta harap cetus simpul urai tanya kenang keluh klaim tutup timpal teriak jawab
    bantah saran desak imbau himbau pesan puji kritik canda singgung ingat tekan ulas nilai aku gugat cerita kisah
    lontar celetuk kecam kutuk ajak sindir tuding rinci terka jamin janji akui sanggah ucapan kelakar gumam sapa
    bisik ketus"""
)
"""Stems that stand after a quote: "...," kata X."""

STRICT_BARE_CUES = BARE_CUES - {"jelas", "tegas", "nilai", "aku", "lontar", "ucapan", "kritik", "cerita", "kisah"}

SAYING = words(
    """bilang mencontohkan mengeklaim mengkritisi mengindikasikan mengisyaratkan menjabarkan mengibaratkan menyamakan
    menjuluki menasihati menegur mengultimatum menyentil mewacanakan meralat menyanggupi berseloroh mengungkit
    mengumpamakan mengatakan menyatakan menegaskan menyebut menyebutkan menuturkan mengungkapkan menjelaskan
    memaparkan menambahkan menyampaikan menerangkan membeberkan menandaskan mengemukakan mengklaim mengaku
    mengakui menilai menganggap berpendapat berpandangan menuding menuduh membantah menyangkal menepis menampik
    memperingatkan mengingatkan meminta mendesak menyerukan mengimbau menghimbau berharap mengharapkan berjanji
    menjanjikan menekankan menggarisbawahi menyayangkan menyesalkan memastikan menjamin menyarankan mengusulkan
    merekomendasikan mempertanyakan menanyakan menjawab menulis mencuitkan mencuit berujar berkata bertutur
    bercerita menceritakan mengisahkan berpesan berkomentar menyimpulkan memprediksi memperkirakan meramalkan
    mengkhawatirkan mengeluhkan menuntut memohon bersumpah bersikeras bersikukuh berargumen beralasan beranggapan
    berkeyakinan berdalih mengutarakan menguraikan merinci menyuarakan membenarkan mengonfirmasi mengkonfirmasi
    menggambarkan menyindir meyakini meyakinkan mempercayai menduga menuliskan memaklumi bertanya berseru
    berteriak memberitahukan memberitahu menginformasikan menginginkan mengulangi mengulang mewanti-wanti
    mendalilkan menyanggah berkilah berikrar berkelakar membocorkan menengarai mensinyalir melukiskan
    mengistilahkan mengajak menyiratkan mengumbar minta mempersalahkan"""
)
"""Verbs that report what their subject says or holds."""

ACTS = words(
    """mengutuk mengecam mencela mengkritik mengritik memuji mengapresiasi menyambut mendukung menolak mengancam
    menyalahkan memprotes menghargai berterima menentang membela menyoroti menyinggung mendoakan mengucapkan
    menyampaikan melontarkan melayangkan memberikan berbelasungkawa berduka bersimpati mengenang memperjuangkan
    mengamini sepakat menyemangati menghormati mengolok-olok mencemooh mengejek menghina menghujat menyokong
    berkomitmen bertekad bersedia prihatin optimistis optimis pesimistis yakin khawatir menyeru menuntut
    mencurigai mengumumkan melaporkan mengungkap mencap melabeli mengecap mencatat menawarkan meragukan mendorong
    memandang menetapkan mengelak berdukacita mendeklarasikan berkeberatan mengirim mengirimkan menghaturkan"""
)
"""Verbs and states whose utterance is the act; those in `NEEDS_OBJECT` only with a fitting object."""

NEEDS_OBJECT: dict[str, frozenset[str]] = {
    "berterima": frozenset({"kasih"}),
    "mengucapkan": frozenset({"terima", "selamat", "belasungkawa", "duka", "syukur", "terimakasih", "salam", "bela"}),
    "melontarkan": frozenset({"serangan", "kecaman", "kritik", "kritikan", "ancaman", "pujian", "protes", "tuduhan"}),
    "melayangkan": frozenset({"kecaman", "kritik", "protes", "peringatan", "nota"}),
    "mengumumkan": frozenset({"bahwa", "akan", "pihaknya", "negaranya", "telah", "berkabung", "berduka", "bantuan"}),
    "menetapkan": frozenset({"berkabung"}),
    "mendeklarasikan": frozenset({"berkabung", "bahwa"}),
    "mengirim": frozenset({"belasungkawa", "duka", "dukacita"}),
    "mengirimkan": frozenset({"belasungkawa", "duka", "dukacita"}),
    "melaporkan": frozenset(
        {
            "bahwa",
            "ada",
            "adanya",
            "tewas",
            "terluka",
            "telah",
            "jumlah",
            "sebanyak",
            "sedikitnya",
            "setidaknya",
            "terdapat",
            "mencapai",
            "tidak",
        }
    ),
    "mencatat": frozenset({"bahwa", "ada", "adanya", "sedikitnya", "setidaknya"}),
    "mengungkap": frozenset({"bahwa", "adanya", "alasan", "ada", "data"}),
    "memandang": frozenset({"perlu", "penting", "bahwa", "perlunya", "sebagai"}),
    "menjawab": frozenset({"bahwa", "dengan", "akan"}),
    "memberikan": frozenset({"dukungan", "apresiasi", "selamat", "penghargaan", "peringatan", "pujian"}),
    "berpandangan": frozenset({"bahwa"}),
    "mengelak": frozenset({"bahwa"}),
}

PASSIVES = words(
    """disampaikan dikatakan diungkapkan dinyatakan ditegaskan dikemukakan disebutkan diutarakan dijelaskan
    dituturkan dilontarkan dipaparkan diterangkan diucapkan ditambahkan diserukan dituliskan dibeberkan ditekankan
    ditandaskan diumumkan"""
)
"""Passives of saying: a clause opens with them, or a sentence that only attributes ends with them."""

JUDGED = words(
    """dinilai disebut dituding dituduh dianggap diklaim dikecam dikutuk disambut diapresiasi dipuji dikritik ditolak
    didukung dibantah disesalkan disayangkan ditentang diperingatkan diminta didesak"""
)
"""Passives of judging, a statement only with their agent: "dinilai oleh X"."""

CLAUSE_TAKERS = words("melaporkan mencatat")
"""Verbs that say something when a clause follows, and little when a noun does."""

WIDE_OBJECTS = frozenset(
    {
        "mengumumkan",
        "mendeklarasikan",
        "mengirim",
        "mengirimkan",
        "menetapkan",
        "melaporkan",
        "mencatat",
        "berpandangan",
    }
)
"""Verbs whose fitting object may stand some words away."""

DENIALS = frozenset(
    {"menampik", "menepis", "membantah", "mengelak", "menyangkal", "mendukung", "mengakui", "menginginkan"}
)
"""Verbs that say something when negated, too."""

FEELINGS = words(
    """belasungkawa duka dukacita simpati terima selamat apresiasi penghargaan penyesalan protes keberatan dukungan
    keprihatinan kecaman solidaritas kekecewaan kesedihan syukur doa permintaan maaf kritik pujian nota hormat
    rasa ucapan kekhawatiran optimisme"""
)
"""Nouns that make an act of speech of "menyampaikan" and its like, and belong to the cue."""

GREETED = words(
    """kedatangan tamu kunjungan kepulangan rombongan delegasi presiden menteri hari tahun bulan natal lebaran ramadan
    idul pemilu penonton para kapal pasukan mereka"""
)
"""Who and what is greeted and not praised with "menyambut"."""

THINGS_HANDED = words("""surat surat-surat undangan dokumen hadiah berkas proposal salinan karangan bingkisan""")
"""What is handed over and not said with "menyampaikan"."""

APPENDED = words(
    """menuduh menyebut mengatakan menyatakan mengecam mengutuk memperingatkan menyerukan mendesak menegaskan
    menuding mengklaim menambahkan"""
)
"""Verbs of speech that may follow what their subject does behind a comma: "X mundur, menyebut ..."."""

AGENCIES = words(
    """reuters afp ap xinhua anadolu kyodo kcna antara bloomberg cnn bbc kumparan tass sputnik yonhap tasnim irna
    mehr isna fars berita axios haaretz newsweek politico times post wsj nyt npr dpa ani"""
)
"""Agencies that report what others say."""

VAGUE_NOUNS = words("""pandangan pidato pernyataan hal pesan keterangan laporan sambutan pidatonya pernyataannya""")
"""Nouns after which "menyampaikan" says nothing yet."""

SOURCES = words(
    """data catatan laporan keterangan informasi perkiraan hitungan perhitungan pernyataan hasil analisis survei
    penilaian versi dokumen kabar siaran temuan rilis studi kajian penelitian penuturan pengakuan kesaksian
    pandangan perkataan pantauan pengumuman"""
)
"""Nouns that may stand between "menurut" and whom it names."""

NEGATIONS = frozenset(
    {"tidak", "tak", "belum", "enggan", "gagal", "bukan", "tanpa", "ogah", "jangan", "nggak", "enggak", "menolak"}
)

AUXILIARIES = words(
    """juga pun kemudian lalu lantas telah sudah akan masih tetap terus kembali kerap sering sempat langsung segera
    turut ikut hanya justru malah bahkan sendiri sebelumnya selanjutnya tegas keras secara terbuka dengan
    terang-terangan resmi lagi pernah bisa dapat harus ingin mulai sama-sama bersama-sama selalu tadi kini
    sekaligus hari ini itu pula sedang tengah baru saja berkali-kali berulang kali ulang blak-blakan gamblang
    singkat bersama sangat sangatlah tersebut singkatnya lanjut buru-buru rata-rata semuanya masing-masing
    konsisten jelas bersikap mengaku sepenuhnya sepakat saling memang pertama berulang-ulang terpisah daring
    khusus tertulis lisan lantang lebih dulu dahulu menerus kompak bulat lain pihak di sisi balik berbalik santai
    hendak mau perlu berani gencar spontan bersuara rutin berulangkali belakangan serempak lama semula akhirnya
    nantinya sontak"""
)
"""Words that may stand between a subject and its verb."""

CONNECTIVES = words(
    """namun tetapi tapi sementara sedangkan adapun kemudian lalu selanjutnya sebelumnya selain bahkan dan akan
    demikian meski begitu itu karena sebab lain hal tak hanya pun juga karenanya padahal lebih lanjut kendati
    sebaliknya sejauh ini kini lantas maka jadi alhasil terakhir mulanya awalnya pasalnya nantinya akhirnya
    belakangan walaupun sebagai informasi diketahui tentu terpisah secara menariknya bukan cuma saja hingga saat
    sekarang khususnya terutama serupa senada singkatnya intinya setelahnya tambahan sampai apalagi terlebih baik
    lupa"""
)

SUBORDINATORS = words(
    """setelah sebelum karena jika bila apabila kalau agar supaya untuk guna ketika saat sejak bahwa sebab hingga
    sehingga lantaran usai seusai sampai demi yang apakah bagaimana mengapa siapa apa akibat walau seolah-olah
    seakan-akan andai seandainya asalkan selama"""
)
COORDINATORS = frozenset(
    {
        "tetapi",
        "tapi",
        "namun",
        "sementara",
        "sedangkan",
        "dan",
        "dengan",
        "meski",
        "meskipun",
        "walaupun",
        "kendati",
        "padahal",
        "serta",
        "seraya",
        "adapun",
        "kemudian",
        "lalu",
        "dimana",
    }
)


def cue_of(word: str) -> str:
    """Return a cue without its "-nya": "katanya" gives "kata"."""
    return word[:-3] if word.endswith("nya") and len(word) > 5 else word


STEMS = SAYING | ACTS | BARE_CUES | PASSIVES | JUDGED
SIGNS = STEMS | {word + "nya" for word in BARE_CUES | PASSIVES | SAYING | ACTS} | {"menurut", "menurutnya"}
"""Every word without which a sentence reports nothing."""
