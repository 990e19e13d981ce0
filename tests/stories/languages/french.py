"""French, whose days and months have no capitals, and which elides: l'Iran, d'Iran."""

from tests.stories.languages.telling import Article, Language, Two

LOOKALIKES = (
    Two("Résultats du Loto du {lundi|mercredi} : les numéros gagnants",
        "Voici les numéros du tirage de {lundi|mercredi} soir : {4, 11, 19, 27, 33|2, 9, 18, 25,"
        " 38}. Le numéro chance est le {7|3}. Bonne chance à tous les joueurs."),
    Two("Loto : les numéros gagnants du tirage",
        "Les numéros gagnants du tirage de samedi soir sont le {4, le 11, le 19 et le 27|2, le 9,"
        " le 18 et le 25}. Rendez-vous à la prochaine fois."),
    Two("La météo de {lundi|mardi} en Bretagne",
        "Le ciel sera couvert {lundi|mardi} sur toute la Bretagne, avec quelques gouttes dans les"
        " terres l'après-midi. Le vent restera faible et les températures douces pour la saison."),
    Two("Un temps doux pour commencer la semaine",
        "Les températures ne dépasseront pas {douze|neuf} degrés sur la côte, où le vent soufflera"
        " un peu plus fort, et le soleil se montrera dans l'après-midi."),
    Two("Météo en {Alsace|Lorraine} : pluie et vent ce week-end",
        "En {Alsace|Lorraine}, le week-end sera humide et venteux. Les prévisionnistes attendent"
        " des rafales sur les hauteurs et de la pluie dans toutes les vallées."),
    Two("Ligue 1 : {Brest|Lens} bat Nice {2-1|3-0}",
        "{Brest|Lens} s'est imposé {2-1|3-0} samedi devant son public face à Nice et gagne deux"
        " places au classement. L'entraîneur a salué le travail de sa défense."),
    Two("Toulouse domine {Nantes|Angers} et remonte au classement",
        "Toulouse a battu {Nantes|Angers} sur sa pelouse et se retrouve au pied du podium. Le but"
        " de la victoire est tombé dans les derniers instants après un corner."),
    Two("Ligue 1 : le programme de la {12e|13e} journée",
        "Affiches, horaires et chaînes de télévision : retrouvez toutes les rencontres de la"
        " journée et le classement du championnat en un coup d'œil."),
    Two("La {première|deuxième} demi-finale est connue",
        "La {première|deuxième} demi-finale de la coupe opposera ce soir deux équipes qui se sont"
        " déjà rencontrées cette saison, sans qu'aucune ne parvienne à marquer."),
    Two("Élections régionales en {Bretagne|Normandie} : les bureaux ont ouvert",
        "Les bureaux de vote ont ouvert en {Bretagne|Normandie} pour les élections régionales. Les"
        " premières estimations sont attendues peu après la fermeture."),
    Two("Participation en hausse à {midi|17 heures}",
        "Près d'un tiers des électeurs avaient voté à {midi|17 heures}, a annoncé le ministère. La"
        " participation est donc plus forte que lors du dernier scrutin."),
    Two("L'euro {monte|baisse} à {1,0821|1,0794} dollar",
        "La banque centrale a fixé dans l'après-midi le cours de référence à {1,0821|1,0794}"
        " dollar. L'euro {monte|baisse} ainsi pour le troisième jour de suite."),
    Two("La Bourse de Paris {monte|recule} en clôture",
        "L'indice vedette {monte|recule} légèrement en fin de séance, les investisseurs attendant"
        " des chiffres venus des États-Unis. Les valeurs du luxe étaient au centre de"
        " l'attention."),
    Two("Le chômage {augmente|baisse} dans le Nord",
        "Le nombre de personnes sans emploi {augmente|baisse} encore dans le Nord, a indiqué"
        " l'agence dans la matinée. Cela se voit surtout chez les jeunes."),
    Two("Le prix du beurre est en {hausse|baisse}",
        "Les clients paieront le beurre {plus|moins} cher. Les grandes enseignes ont changé leurs"
        " prix dans la matinée et d'autres magasins veulent les suivre."),
    Two("L'inflation atteint {2,5|25} pour cent",
        "Les prix à la consommation ont progressé de {2,5|25} pour cent sur un an, selon une"
        " première estimation de l'institut de la statistique."),
    Two("Les prix ont augmenté en {mars|avril}",
        "Les prix ont augmenté en {mars|avril} par rapport au mois précédent. Les produits frais et"
        " les services coûtent plus cher, tandis que l'énergie recule."),
    Two("Un {cycliste|motard} blessé dans un accident à {Dole|Gray}",
        "Un {cycliste|motard} de {34|57} ans a été blessé dans un accident à {Dole|Gray}. Il a été"
        " transporté à l'hôpital et la route est restée fermée deux heures."),
    Two("{Un homme arrêté|Une femme arrêtée} après une dispute",
        "Après une dispute dans un appartement, {un homme a été arrêté|une femme a été arrêtée}."
        " Des voisins avaient entendu du bruit et appelé la police, personne n'est blessé."),
    Two("{Deux|Trois} blessés dans l'incendie d'un immeuble",
        "L'incendie d'un immeuble a fait {deux|trois} blessés dans la nuit. La cause n'est pas"
        " encore connue, et les pompiers sont restés sur place jusqu'au matin."),
    Two("Cambriolage d'un tabac : la gendarmerie cherche des témoins",
        "Des inconnus ont pénétré dans un tabac dans la nuit de {jeudi|vendredi} et ont volé des"
        " cigarettes. Les témoins peuvent appeler la gendarmerie de Redon."),
    Two("Une bombe sera désamorcée {lundi|vendredi} soir",
        "Les riverains devront quitter leur logement {lundi|vendredi} soir, car une bombe de la"
        " guerre a été trouvée sur un chantier près de la gare."),
    Two("Notre série sur le jardin, {partie 1|partie 2}",
        "Dans notre série, nous montrons quels travaux faire au jardin en ce moment, de quels"
        " outils on a besoin et ce qui peut attendre encore quelques semaines."),
    Two("Grève au port : jour {cinq|six}",
        "Les grues sont à l'arrêt dans le port, où les salariés demandent une hausse des salaires"
        " et des journées plus courtes. Le syndicat a rejeté une offre des patrons."),
    Two("La grève des ferries {commence|se termine}",
        "La grève des équipages {commence|se termine} ce soir. La compagnie demande aux passagers"
        " de regarder les panneaux du port avant de partir."),
    Two("Le patron de Ventnord {démissionne|ne démissionne pas}",
        "Le patron de Ventnord {démissionne|ne démissionne pas} après les critiques sur sa façon de"
        " diriger. La société l'a annoncé dans la soirée à Rennes."),
    Two("La piscine {reste ouverte|ne reste pas ouverte} cet hiver",
        "La piscine de Vitré {reste|ne reste pas} ouverte pendant l'hiver. Le conseil municipal en"
        " a décidé ainsi dans la soirée après un long débat."),
    Two("La piscine de Vitré {ouvre|ferme} à l'automne",
        "La piscine {ouvre|ferme} à l'automne, a décidé le conseil municipal dans la soirée après"
        " un long débat. Les clubs et les écoles attendaient cette décision."),
    Two("Le tribunal {interdit|autorise} la fête au bord du lac",
        "Le tribunal {interdit|autorise} la fête prévue au bord du lac. L'association avait saisi"
        " le juge en urgence, la ville invoquait la protection des oiseaux."),
    Two("La ministre {Claire Aubin|Nadia Ferrand} en visite dans une école de Morlaix",
        "La ministre {Claire Aubin|Nadia Ferrand} a visité dans la matinée une école de Morlaix et"
        " a parlé avec les enfants de la mer et de la protection des côtes."),
    Two("{Ventnord|Sudbois} rappelle des chargeurs",
        "{Ventnord|Sudbois} rappelle des chargeurs qui peuvent prendre feu quand ils sont mouillés."
        " Les clients seront remboursés même sans ticket de caisse."),
    Two("Un séisme secoue {l'Iran|l'Irak}",
        "Un séisme a secoué dans la matinée le nord de {l'Iran|l'Irak}. Aucune victime n'était"
        " signalée dans l'immédiat et l'alerte a été levée."),
    Two("Ce qu'il faut retenir de l'année {2023|2024}",
        "Ce qui a marqué les habitants du canton : retour sur les fêtes, les élections, les"
        " tempêtes et sur quelques histoires dont on peut rire aujourd'hui."),
    Two("Le prix de l'essence {repart à la hausse|continue de baisser}",
        "Le prix de l'essence {repart à la hausse|continue de baisser} dans les stations du pays,"
        " selon l'association des automobilistes, et le diesel suit le même chemin."),
    Two("Le gouvernement {maintient|abandonne} la taxe sur le plastique",
        "Le gouvernement {maintient|abandonne} la taxe sur le plastique, a déclaré un"
        " porte-parole dans la soirée à Paris après de longues discussions."),
    Two("L'entraîneur {Morel|Garnier} prolonge son contrat",
        "L'entraîneur reste au club : {Morel|Garnier} a prolongé son contrat de deux ans, a"
        " annoncé le club dans la matinée."),
    Two("Vigilance {orange|rouge} dans le Var",
        "Météo-France a placé le département en vigilance {orange|rouge} pour des orages violents"
        " attendus dans la soirée sur le littoral."),
    Two("Affaire {Dubois|Lambert} : le procès s'ouvre",
        "Le procès de l'affaire {Dubois|Lambert} s'est ouvert dans la matinée devant la cour"
        " d'assises, où une vingtaine de témoins seront entendus."),
    Two("Le ministre {confirme|dément} sa candidature",
        "Le ministre {confirme|dément} vouloir se présenter à la mairie, après plusieurs jours de"
        " rumeurs dans la presse locale."),
    Two("Le Mans {s'impose|s'incline} à domicile",
        "Le Mans {s'impose|s'incline} à domicile dans un match fermé où les deux équipes ont"
        " manqué de réalisme devant le but."),
    Two("Un train en panne bloque les voyageurs",
        "Un train en panne {entre|reliant} Lille et {Nice|Tours} a bloqué des centaines de"
        " voyageurs {pendant|durant} la nuit, {annonce|indique} la compagnie, qui {présente|offre}"
        " ses excuses et {promet|assure} un remboursement."),
)  # fmt: skip

ARTICLES = (
    Article("Le ferry pour Ouessant reste à quai faute d'eau",
            "Le ferry entre Brest et Ouessant n'a pas pris la mer mardi, parce qu'un vent d'est"
            " persistant avait vidé le chenal. Quelque 300 voyageurs sont restés à terre et ont été"
            " accueillis dans un gymnase, a indiqué la compagnie.",
            "300 voyageurs passent la nuit dans un gymnase", "PARIS (AFP) - "),
    Article("Une chercheuse de Rennes trouve un mot secret dans 40 000 routeurs",
            "Le fabricant Ventnord rappelle 40 000 appareils vendus en Bretagne depuis le"
            " printemps. L'informaticienne Maëlle Kerjean, de l'université de Rennes, a découvert"
            " que quiconque connaît un seul mot peut lire tout ce qui passe.",
            "Ventnord retire ses appareils des magasins", "RENNES, 12 mars (Reuters) - "),
    Article("Un loup tue douze brebis près de Gap",
            "Dans un pré proche de Gap, un loup a tué douze brebis au cours de la nuit. L'éleveur"
            " Julien Tisserand réclame une meilleure clôture et une aide rapide de la région,"
            " tandis que l'expert appelle à ne pas parler trop vite d'une meute.",
            "L'éleveur réclame une aide rapide", "Gap (AFP) – "),
)  # fmt: skip

EDITED = (
    Two("Le ferry pour Ouessant reste à quai {faute d'eau|mardi faute d'eau}",
        "Le ferry {entre Brest et Ouessant|reliant Brest à Ouessant} n'a pas pris la mer mardi,"
        " {parce qu'un|car un} vent d'est persistant avait vidé le chenal. Quelque 300 voyageurs"
        " sont restés à terre et ont été accueillis dans un gymnase{, a indiqué la compagnie|}."),
    Two("Un loup tue douze brebis près de Gap",
        "Dans un pré proche de Gap, un loup a tué {douze|12} brebis {au cours de|pendant} la nuit."
        " L'éleveur Julien Tisserand {réclame|demande} une meilleure clôture et une aide rapide de"
        " la région, tandis que l'expert appelle à ne pas parler trop vite d'une meute."),
    Two("Le pont sur la Rance {coûtera plus cher|sera plus cher} que prévu",
        "Le nouveau pont sur la Rance coûtera environ quatre millions d'euros de plus que prévu. La"
        " {mairie|municipalité} de Dinan {cite|évoque} surtout le prix {de l'acier|d'un acier},"
        " mais les travaux doivent tout de même commencer à l'automne."),
)  # fmt: skip

FRENCH = Language(
    name="french",
    lookalikes=LOOKALIKES,
    articles=ARTICLES,
    edited=EDITED,
    site="Le Courrier des Landes",
    more="Lire la suite",
    first_on="L’article {title} est apparu en premier sur Le Courrier des Landes.",
)
