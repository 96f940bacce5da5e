"""128 everyday things, the same line for the same thing in each language: what safety words between networks
and the words said aloud with a code are made of.

Picked so that no two in one language differ by a single letter, accents aside, and none frightens anybody.
The order is part of the protocol: a line's place is its number. Never sort, remove or insert.
"""

from __future__ import annotations

LANGUAGES = ("en", "fr", "es", "ar")

_LINES = """
apple pomme manzana تفاحة
banana banane plátano موز
basket panier canasta سلة
beach plage playa شاطئ
bear ours oso دب
bee abeille abeja نحلة
bell cloche campana جرس
bicycle vélo bicicleta دراجة
blanket couverture manta بطانية
boat bateau barco قارب
book livre libro كتاب
bottle bouteille botella زجاجة
bread pain pan خبز
bridge pont puente جسر
broom balai escoba مكنسة
butter beurre mantequilla زبدة
butterfly papillon mariposa فراشة
candle bougie vela شمعة
carpet tapis alfombra سجادة
castle château castillo قلعة
cat chat gato قطة
cave grotte cueva كهف
chair chaise silla كرسي
cinnamon cannelle canela قرفة
clock horloge reloj ساعة
cloud nuage nube سحابة
coffee café café قهوة
comb peigne peine مشط
corn maïs maíz ذرة
cow vache vaca بقرة
crab crabe cangrejo سلطعون
crocodile crocodile cocodrilo تمساح
deer cerf ciervo غزال
desert désert desierto صحراء
dog chien perro كلب
dolphin dauphin delfín دلفين
door porte puerta باب
egg œuf huevo بيضة
elephant éléphant elefante فيل
feather plume pluma ريشة
fig figue higo تين
fish poisson pez سمكة
flower fleur flor زهرة
flute flûte flauta ناي
forest forêt bosque غابة
fox renard zorro ثعلب
frog grenouille rana ضفدع
garden jardin jardín حديقة
garlic ail ajo ثوم
ginger gingembre jengibre زنجبيل
giraffe girafe jirafa زرافة
glove gant guante قفاز
grape raisin uva عنب
guitar guitare guitarra قيثارة
hammer marteau martillo مطرقة
hedgehog hérisson erizo قنفذ
honey miel miel عسل
house maison casa بيت
island île isla جزيرة
kangaroo kangourou canguro كنغر
kitchen cuisine cocina مطبخ
lamp lampe lámpara مصباح
leaf feuille hoja ورقة
lemon citron limón ليمون
letter lettre carta رسالة
lighthouse phare faro منارة
lion lion león أسد
market marché mercado سوق
mill moulin molino طاحونة
mirror miroir espejo مرآة
monkey singe mono قرد
moon lune luna قمر
mountain montagne montaña جبل
mushroom champignon hongo فطر
necklace collier collar قلادة
needle aiguille aguja إبرة
olive olive aceituna زيتون
onion oignon cebolla بصل
orange orange naranja برتقالة
oven four horno فرن
owl hibou búho بومة
parrot perroquet loro ببغاء
pencil crayon lápiz قلم
penguin pingouin pingüino بطريق
piano piano piano بيانو
pillow oreiller almohada وسادة
pineapple ananas piña أناناس
plate assiette plato صحن
pumpkin citrouille calabaza يقطين
rabbit lapin conejo أرنب
rice riz arroz أرز
river rivière río نهر
roof toit techo سقف
scarf écharpe bufanda وشاح
school école escuela مدرسة
scissors ciseaux tijeras مقص
sea mer mar بحر
shell coquillage concha صدفة
shirt chemise camisa قميص
shoe chaussure zapato حذاء
snail escargot caracol حلزون
snow neige nieve ثلج
soap savon jabón صابون
spinach épinard espinaca سبانخ
spoon cuillère cuchara ملعقة
squirrel écureuil ardilla سنجاب
star étoile estrella نجمة
stone pierre piedra حجر
strawberry fraise fresa فراولة
sugar sucre azúcar سكر
sun soleil sol شمس
swan cygne cisne بجعة
table table mesa طاولة
telephone téléphone teléfono هاتف
tent tente tienda خيمة
tomato tomate tomate طماطم
train train tren قطار
tree arbre árbol شجرة
turtle tortue tortuga سلحفاة
umbrella parapluie paraguas مظلة
valley vallée valle وادي
violin violon violín كمان
volcano volcan volcán بركان
waterfall cascade cascada شلال
watermelon pastèque sandía بطيخ
whale baleine ballena حوت
wind vent viento ريح
window fenêtre ventana نافذة
"""

WORDS: tuple[tuple[str, ...], ...] = tuple(tuple(line.split()) for line in _LINES.strip().splitlines())
"""WORDS[number][LANGUAGES.index(language)]."""
