"""List countries, peoples and capitals as Indonesian news names them."""

from __future__ import annotations

from sikap.extraction.words import words

PLACES = words(
    """afghanistan albania aljazair amerika andorra angola argentina armenia aruba australia austria azerbaijan
    bahama bahrain bangladesh barbados belanda belarus belgia belize benin bhutan bolivia bosnia botswana brasil
    brazil brunei bulgaria burundi ceko chad chili chile china cina denmark djibouti dominika ekuador eritrea
    estonia eswatini ethiopia etiopia fiji filipina finlandia gabon gambia georgia ghana grenada guatemala guinea
    guyana haiti honduras hongaria hungaria india indonesia inggris irak iran irlandia islandia israel italia
    jamaika jepang jerman kamboja kamerun kanada kazakh kazakhstan kenya kirgistan kirgizstan kolombia komoro
    kongo korea korsel korut kosovo kosta kroasia kuba kuwait laos latvia lebanon lesotho liberia libia libya
    liechtenstein lituania luksemburg madagaskar maladewa malawi malaysia mali malta maroko marshall mauritania
    mauritius meksiko mesir mikronesia moldova monako mongolia montenegro mozambik myanmar namibia nauru nepal
    niger nigeria nikaragua norwegia oman pakistan palau palestina panama papua paraguay peru polandia portugal
    prancis perancis qatar romania rumania rusia rwanda samoa saudi selandia senegal serbia seychelles singapura
    siprus slovakia slovenia somalia spanyol sudan suriah suriname swedia swiss tajikistan tanzania thailand
    timor-leste tiongkok togo tonga trinidad tunisia turki türkiye turkiye turkmenistan tuvalu uganda ukraina
    uruguay uzbekistan vanuatu venezuela vietnam yaman yordania yunani zambia zimbabwe taiwan hongkong hong kong
    soviet uea emirat lanka rika gading verde pantai baru nugini leste salvador arab utara selatan barat timur
    ankara athena baghdad baku bangkok beijing beirut belgrade berlin bern bogota brasilia brussel brussels
    bucharest budapest caracas canberra dakar damaskus delhi dhaka doha dublin gaza hanoi harare havana helsinki
    islamabad jakarta jenewa kabul kairo kyiv kiev kinshasa kigali lima lisbon lisboa london madrid manila minsk
    mogadishu moskow moskwa nairobi naypyidaw oslo ottawa paris praha pretoria pyongyang rabat ramallah riyadh
    roma santiago sanaa seoul sofia stockholm taipei tallinn tashkent tbilisi teheran tel aviv tokyo tripoli tunis
    ulaanbaatar vatikan vientiane warsawa washington wellington wina yangon yerevan yerusalem zagreb astana
    nusantara surabaya bandung medan makassar yogyakarta semarang denpasar bali aceh sumatra sumatera jawa
    kalimantan sulawesi maluku madura lombok kupang ambon jayapura manado palu padang pekanbaru palembang lampung
    banten bogor depok bekasi tangerang solo malang batam pontianak banjarmasin balikpapan samarinda mataram
    krimea kashmir rakhine donbas istanbul new york dubai jeddah mekkah madinah kuala lumpur chechnya catalonia
    skotlandia wales nagorno-karabakh somaliland sahara greenland tibet xinjiang kurdistan abkhazia ossetia
    transnistria okinawa hiroshima nagasaki bosnia-herzegovina herzegovina makedonia"""
)
"""One-word place names and the words of longer ones, in small letters."""
