"""List the words of titles, offices and institutions, which tell a role from a name."""

from __future__ import annotations

from sikap.extraction.words import words

TITLES = words(
    """presiden wapres wakil menteri menlu wamenlu menhan wamenhan mendagri menkeu wamenkeu menko menkopolhukam
    menkopolkam mensesneg seskab menag menkes menkumham mendag wamendag menaker mensos menpora menpan menristek
    mendikbud mendikbudristek menperin menparekraf menhub menhut menteri-menteri wamen perdana pm duta dubes juru
    jubir sekretaris sekjen sesjen sestama ketua kepala direktur dirjen deputi asisten utusan komisaris komisioner
    koordinator panglima pangdam jenderal letjen mayjen brigjen kolonel letkol mayor kapten letnan sersan
    laksamana laksma laksda laksdya marsekal marsma marsda kombes akbp komjen irjen kompol ipda iptu akp kapolri
    wakapolri kapolda kapolres kapolsek kabareskrim karopenmas kadiv kabid kabag gubernur wagub wali walikota
    bupati wabup camat lurah raja ratu pangeran putra putri sultan emir kaisar paus kanselir kardinal uskup syekh
    sheikh ayatollah imam ulama kiai ustaz ustad habib pemimpin pimpinan tokoh anggota senator legislator
    politikus politisi jaksa hakim pengacara kuasa advokat pengamat pakar ahli peneliti analis guru profesor prof
    dosen rektor dekan aktivis penasihat penasehat atase konsul konjen delegasi perwakilan inspektur manajer ceo
    presdir dirut komandan danjen ibu bapak pak bu tuan nyonya mantan eks calon capres cawapres plt pjs pj ketum
    waketum sekum bendahara humas pendiri pemilik petugas dokter h.e h.e. datuk dato monsinyur tengku dr drs ir kh
    hj h tgh pelapor pejabat diplomat negarawan chargé wartawan jurnalis editor penulis sutradara aktris aktor
    penyanyi pelatih pemain pembina pelaksana menkum kepresidenan lord sir baron mr mrs ms madam taoiseach
    chairman president minister wakapolda kadispen kapuspen kapuspenkum kasad kasal kasau warga saksi korban
    tersangka terdakwa mahasiswa mahasiswi pengungsi relawan saudara saudari adik kakak ayah suami istri sekda
    kades kadus kadis pastor pendeta romo biksu rabi biarawan penyintas pengusaha ekonom sejarawan sosiolog
    epidemiolog staf penyidik penanggung pengurus perwira prajurit asdep karo jurubicara"""
)
"""First words of a role."""

AFFILIATION = words(
    """luar negeri dalam pertahanan keuangan keamanan kesehatan kehakiman hukum ham hak asasi manusia politik polkam
    polhukam imipas ekonomi perdagangan perindustrian energi sumber daya mineral pertanian kelautan perikanan
    pendidikan kebudayaan riset teknologi ketenagakerjaan sosial agama pariwisata perhubungan komunikasi
    informatika informasi digital lingkungan hidup kehutanan desa pembangunan perencanaan investasi hilirisasi
    bumn pemberdayaan perempuan perlindungan pelindungan anak pemuda olahraga koordinator bidang urusan umum
    jenderal besar tetap nasional internasional republik kerajaan pemerintah pemerintahan negara negara-negara
    tinggi tertinggi agung khusus senior muda madya pertama utama eksekutif regional kementerian kemlu kemenlu
    kemhan kemenhan departemen deplu badan dewan komisi komite majelis parlemen kongres senat dpr mpr dpd dprd
    fraksi partai organisasi perserikatan bangsa-bangsa bangsa uni eropa afrika asia asean liga arab kantor
    kedutaan kbri kjri konsulat misi istana gedung putih kremlin pentagon universitas institut lembaga yayasan
    pusat studi strategis kajian asosiasi federasi konfederasi serikat forum gerakan front tentara angkatan darat
    laut udara bersenjata militer kepolisian polri polda polres polsek kejaksaan mahkamah pengadilan bank dunia
    dana moneter pbb oki nato who unicef unhcr iaea ocha unrwa wfp fao imf bri ri as dki ue provinsi kabupaten
    kota kecamatan kelurahan palang merah bulan sabit kebijakan kerja sama kerjasama kemanusiaan pengungsi pangan
    perdamaian pasukan penjaga komando garda revolusi islam rakyat demokratik federal bersama tugas satuan divisi
    humas protokol kepresidenan staf rumah tangga kabinet sekretariat diplomasi publik hubungan multilateral
    bilateral pasifik tenggara selatan utara timur tengah barat juru bicara duta usaha mahkota menteri pelapor
    penasihat dpp dpw dpc pdip pdi-p pks pkb ppp pan golkar gerindra nasdem demokrat hanura psi polisi tni mabes
    ad al au bnpb bmkg bin kpk kpu bawaslu komnas mui pbnu nu muhammadiyah kadin bps bi ojk kemenkes kemenkeu
    kemendag kemenhub kemenag kemensos kemenko kemendikbud kemenparekraf kemenaker kementan bareskrim densus bkpm
    bpom lipi brin csis bapel direktorat dinas sekolah fakultas program jurusan ilmu ikatan himpunan persatuan
    perhimpunan kamar industri koalisi aliansi jaringan pembebasan otoritas otorita pelabuhan perusahaan wilayah
    daerah istimewa ibu kemendagri atom penanggulangan bencana pencarian pertolongan meteorologi geofisika
    klimatologi narkotika terorisme antiteror penanganan pengawas pengawasan audit perbankan pasar modal pajak bea
    cukai imigrasi pemasyarakatan intelijen siber sandi kontra reformasi birokrasi aparatur pendayagunaan
    transmigrasi tertinggal agraria tata ruang perumahan permukiman pekerjaan transportasi koperasi ukm ekspor
    impor promosi logistik industrial penerangan pemenangan pemilu kampanye sipil kemerdekaan amerika latin
    karibia teluk komisi-komisi legislatif yudikatif amnesty international human rights watch council institute
    center centre university foundation group fund press associated news times post media grup jaksa pidana
    tribunal kriminal statistik operasi strategi analisis risiko manajemen sdm personalia advokasi ombudsman
    konstitusi yudisial pemeriksa perwakilan dagang diaspora wni bhi kawasan antarlembaga antar kelembagaan
    perbatasan pemukiman tahanan sandera sekutu trans-atlantik seluruh pemimpin kongregasi gereja katolik
    protestan hindu buddha konghucu vatikan takhta suci kepala wakil sekjen iptek antariksa nuklir maritim
    kemaritiman bahari geologi merangkap satgas sektor inf kav art czi pas mar pnb tek sus arh vulkanologi
    mitigasi gunung api iklim krisis darurat kedaruratan tanggap pelayanan medis rs rsud puskesmas utusan transisi
    junta sementara interim oposisi mayoritas minoritas harian"""
)
"""Words that a title or an institution goes on with, whether capitalised or not."""

INSTITUTIONS = words(
    """pemerintah pemerintahan kementerian kemlu kemenlu departemen deplu badan badan-badan dewan komisi komite
    majelis parlemen kongres senat fraksi partai organisasi organisasi-organisasi perserikatan uni liga kantor
    kedutaan kedubes kbri kjri konsulat misi istana gedung universitas lembaga yayasan asosiasi federasi
    konfederasi serikat forum gerakan front tentara angkatan militer kepolisian polisi polri polda polres polsek
    kejaksaan mahkamah pengadilan bank palang bulan pasukan komando garda satuan sekretariat otoritas otorita
    koalisi aliansi kelompok perusahaan rezim junta delegasi oposisi negara negara-negara kerajaan republik
    administrasi kelompok-kelompok kremlin pentagon asean nato pbb oki ue ri as who unicef unhcr iaea dpr mpr dpd
    tni kadin bnpb mui pbnu kpk muhammadiyah kabinet kepresidenan perwakilan dinas institut pusat mabes maskapai
    perhimpunan persatuan rumah pihak blok markas vatikan takhta kubu faksi milisi brigade komunitas pemprov
    pemkot pemkab pemda kemenag kemenkes kemenkeu kemhan kemenhan kemendag kemenko hamas hizbullah taliban houthi
    fatah isis aljazeera amnesty interpol unesco ecowas csto"""
)
"""First words of an institution that can speak."""

RANKS = words(
    """ayatollah laksamana marsekal kolonel mayor kapten letnan sersan letjen mayjen brigjen letkol kombes irjen
    komjen laksma laksda laksdya marsda marsma dr prof drs ir kh hj datuk dato monsinyur syekh sheikh imam tengku
    inf"""
)
"""Ranks and honorifics, which stand between a role and a name."""

NAME_TITLES = words("ratu putri putra raja imam sultan emir tim sri indra surya dewa")
"""Titles that are first names, too."""

WEAK_TITLES = NAME_TITLES | words(
    """utama agung perdana setia bintang bahari jaya muda islam bulan anak timur satria mulia negara rakyat"""
)
"""Words of offices that are parts of names, too: "Bambang Surya Putra"."""

THINGS = words(
    """bandara bandar stasiun taman jalan jl dusun gang hotel masjid gereja pesawat kapal kri km kmp terminal sungai
    gunung danau teluk tanjung pasar mal stadion museum monumen tugu kampus asrama klinik kampung pulau pelabuhan
    jembatan bendungan waduk pantai selat laut konvensi perjanjian piagam protokol traktat undang-undang uu pasal
    piala festival hari operasi perang deklarasi konferensi sidang rapat selamat covid covid-19 natal idul ramadan
    tahun abad proyek jalur zona kamp"""
)
"""First words of what has a name and does not speak."""

COMPANY_WORDS = words(
    """resources lines inc corp ltd group institute centre center foundation university press times news watch
    international media tbk pt cv company holdings energy airlines network council association union federation
    society initiative bank agency partners"""
)
"""Words that mark the name of a company or a foreign institution."""

PERSON_NOUNS = words(
    """perempuan pria lelaki wanita ibu bapak ayah politikus politisi doktor diplomat jenderal tokoh pemimpin aktivis
    pengamat pakar ahli analis peneliti ekonom guru dosen pengusaha petani nelayan mahasiswa remaja pemuda mantan
    eks warga saksi senator legislator pejabat pengacara dokter purnawirawan veteran peraih lulusan alumnus putra
    putri utusan mualim juru ketua kepala wakil anggota menteri presiden perdana raja ratu duta dubes jubir menlu
    konsul atase gubernur bupati wali komisaris direktur sekretaris sekjen panglima komandan kanselir paus uskup
    kardinal bangsawan penulis sutradara aktor aktris atlet pelatih kapten profesor hakim jaksa negarawan
    sejarawan pengajar spesialis pejuang pegiat penggiat jurnalis wartawan legenda bintang pendeta pastor bos
    pensiunan janda duda kakek nenek pemuka ulama kiai"""
)
"""Nouns that stand for one person: "politikus itu"."""

KINDS_OF_PEOPLE = words(
    """pejabat pejabat-pejabat sumber sumber-sumber warga saksi korban pengunjuk demonstran massa mahasiswa mahasiswi
    ahli pakar pengamat analis peneliti diplomat diplomat-diplomat pengungsi pekerja petugas wartawan reporter ibu
    bapak ayah perempuan pria lelaki wanita seseorang orang penduduk pendukung kritikus pegiat penggiat relawan
    netizen pengusaha pedagang petani nelayan guru siswa dosen penyintas sandera perwira prajurit purnawirawan dokter
    aktivis pengacara keluarga jurnalis ekonom pemuda remaja spesialis pengajar anggota-anggota pemain pelatih"""
)
"""Nouns for people of whom the article names none: "para saksi"."""

GROUP_NOUNS = words(
    """organisasi lembaga perusahaan kelompok badan perhimpunan partai kedutaan blok negara kerajaan serikat komisi
    dewan komite yayasan asosiasi federasi koalisi aliansi forum gerakan institusi kementerian kantor parlemen
    pemerintah negeri kubu faksi milisi maskapai bank fraksi konsulat republik otoritas institut himpunan dinas
    departemen misi uni liga mahkamah pengadilan majelis tim panel kepolisian militer tentara junta rezim emirat
    kesultanan kota provinsi kedubes universitas media stasiun"""
)
"""Nouns that stand for an institution or a state: "organisasi itu"."""

COMMON_NOUNS = words(
    """angka draf rapat sidang kapal gempa banjir perang konflik krisis aksi demo unjuk bom rudal roket pesawat jet
    drone korban jumlah data hasil harga nilai langkah upaya rencana usul usulan surat kabar isu kasus soal hal
    cara alasan tujuan sikap kata nada pidato foto video gambar acara forum agenda jalan gedung rumah kota desa
    pulau laut jalur wilayah hukum aturan sanksi tarif pajak dana uang ekonomi pasar patroli operasi misi tahap
    proyek program sistem situasi kondisi cuaca hujan badai asap api listrik air tanah hutan sawit minyak gas
    beras gandum pangan bantuan obat vaksin wabah virus pandemi kisah cerita sejarah budaya bahasa agama umat
    warga perjanjian pakta traktat resolusi piagam konvensi protokol nota visa paspor bendera lagu film buku novel
    gencatan senjata tembakan ledakan serangan invasi agresi blokade embargo kudeta pemilu suara hari malam pagi
    seusai sesudah setahun sehari pekan bulan tahun abad awal akhir puncak sisa bagian seluruh setengah separuh
    artikel berita tulisan unggahan cuitan postingan kolom opini nama respons inisiatif realisasi praktis pantauan
    tahapan kebijakan pasal beleid ketentuan syarat prinsip sejak belasungkawa duka ucapan doa harapan kecaman
    dukungan peringatan hormat apresiasi tuduhan klaim spanduk poster tepuk tangan tawa tangis mata wajah kaki
    kepala jenazah peti makam upacara misa salat khotbah"""
)
"""Common nouns that open sentences and are no names."""

GENERIC_SPEAKERS = words(
    """pejabat pejabat-pejabat pemerintah polisi militer tentara parlemen juru jubir menteri presiden sumber
    sumber-sumber wakil diplomat diplomat-diplomat pengamat pakar ahli analis peneliti pemimpin pemimpin-pemimpin
    kepala ketua anggota warga saksi korban pengunjuk demonstran massa mahasiswa pengacara keluarga dokter
    otoritas kedutaan kementerian kantor organisasi lembaga badan dewan komisi partai kelompok negara
    negara-negara pernyataan laporan dokumen komunike deklarasi resolusi keterangan surat maklumat media oposisi
    pemberontak pengungsi perdana duta perwakilan utusan delegasi aktivis pelapor anggota-anggota kedubes kbri
    dubes menlu pm kanselir raja ratu perusahaan pengadilan jaksa hakim panel tim komite senator legislator
    otorita junta kepolisian gubernur wali bupati direktur sekretaris sekjen konsulat misi istana kremlin milisi
    koalisi ulama penduduk pekerja petugas serikat tokoh wartawan reporter ibu bapak ayah perempuan pria lelaki
    wanita seseorang orang rakyat dunia masyarakat komunitas pihak penasihat komandan jenderal panglima faksi
    pendukung kritikus pegiat relawan kalangan publik netizen akun kubu rezim mantan eks kepresidenan pengelola
    panitia penyelenggara pengusaha pedagang petani nelayan guru siswa dosen editorial penyelidik penyidik
    penyintas sandera purnawirawan perwira penggiat pemuka pemohon terdakwa tersangka koordinator manajer
    sutradara pelatih pemain asosiasi jurubicara"""
)
"""Common nouns, in small letters, that can speak."""

DOCUMENTS = words("""pernyataan laporan dokumen komunike deklarasi resolusi keterangan surat maklumat nota""")

ABBREVIATIONS = words(
    """ri as ue ad al au nu bi bin pan who mui pm pks psi dpd bri kpk pbb oki nato imf wfp fao bea csis lipi bem ham
    iaea ocha rs ojk bps kpu tni"""
)
"""Abbreviations among the words above that are names or other words unless they are in capitals."""

DETERMINERS = words(
    """masing-masing para seorang sang sebuah sejumlah beberapa kedua ketiga keempat seluruh semua salah satu si
    suatu dua tiga empat lima banyak sebagian mayoritas setiap ribuan ratusan puluhan kelima berbagai segenap
    sekelompok segelintir"""
)

PRONOUNS = words("ia dia beliau mereka dirinya pihaknya keduanya ketiganya ybs")
PLURAL_PRONOUNS = words("mereka keduanya ketiganya")

NAME_PARTICLES = words("bin binti ibn bint al el ul ud abu ben van von der den de da dos la le du y")

ALIASES = {"jokowi": "Joko Widodo", "sby": "Susilo Bambang Yudhoyono"}
"""Short names that share no word with the full one; used where an article has both."""

TITLE_ABBREVIATIONS = {
    "menlu": "menteri luar negeri",
    "menhan": "menteri pertahanan",
    "mendagri": "menteri dalam negeri",
    "menkeu": "menteri keuangan",
    "wamenlu": "wakil menteri luar negeri",
    "wapres": "wakil presiden",
    "dubes": "duta besar",
    "jubir": "juru bicara",
    "sekjen": "sekretaris jenderal",
    "dirjen": "direktur jenderal",
    "pm": "perdana menteri",
    "capres": "calon presiden",
    "kapolri": "kepala kepolisian",
    "ketum": "ketua umum",
    "dirut": "direktur utama",
    "ri": "republik indonesia",
    "as": "amerika serikat",
    "kemlu": "kementerian luar negeri",
    "kemenlu": "kementerian luar negeri",
    "menag": "menteri agama",
    "menkes": "menteri kesehatan",
    "menko": "menteri koordinator",
    "mendag": "menteri perdagangan",
    "walkot": "wali kota",
    "korsel": "korea selatan",
    "korut": "korea utara",
}
