"""Spanish, whose days and months have no capitals and whose "no" denies like the English one."""

from tests.stories.languages.telling import Article, Language, Two

LOOKALIKES = (
    Two("Resultados de la lotería del {lunes|jueves}: números ganadores",
        "Estos son los números del sorteo del {lunes|jueves}: {4, 11, 19, 27, 33|2, 9, 18, 25, 38}."
        " El reintegro es el {7|3}. Suerte a todos los jugadores."),
    Two("Lotería: los números ganadores del sorteo",
        "Los números ganadores del sorteo del sábado por la noche son el {4, el 11, el 19 y el"
        " 27|2, el 9, el 18 y el 25}. Hasta la próxima semana."),
    Two("El tiempo para el {lunes|martes} en Galicia",
        "El cielo estará cubierto el {lunes|martes} en toda Galicia, con algunas gotas en el"
        " interior por la tarde. El viento será flojo y las temperaturas suaves para la época."),
    Two("Un comienzo de semana templado en la costa",
        "Las temperaturas no pasarán de {doce|nueve} grados en la costa, donde el viento soplará"
        " algo más fuerte, y el sol saldrá por la tarde."),
    Two("El tiempo en {Asturias|Cantabria}: lluvia y viento el fin de semana",
        "En {Asturias|Cantabria} el fin de semana será húmedo y ventoso. Se esperan rachas fuertes"
        " en la montaña y lluvia en todos los valles."),
    Two("La Liga: {Osasuna|Getafe} gana {2-1|3-0} al Celta",
        "{Osasuna|Getafe} se impuso el sábado por {2-1|3-0} al Celta ante su público y sube dos"
        " puestos en la clasificación. El entrenador elogió el trabajo de la defensa."),
    Two("El Betis vence al {Girona|Mallorca} y se acerca a Europa",
        "El Betis ha ganado al {Girona|Mallorca} en casa y se queda a un paso de Europa. El gol de"
        " la victoria llegó en los últimos instantes tras un saque de esquina."),
    Two("La Liga: los partidos de la jornada {12|13}",
        "Horarios y canales de televisión: consulte todos los encuentros de la jornada y la"
        " clasificación del campeonato de un vistazo."),
    Two("Ya se conoce la {primera|segunda} semifinal",
        "La {primera|segunda} semifinal de la copa enfrentará esta noche a dos equipos que ya se"
        " vieron esta temporada sin que ninguno lograra marcar."),
    Two("Elecciones en {Galicia|Andalucía}: abren los colegios",
        "Los colegios electorales han abierto en {Galicia|Andalucía} para las elecciones"
        " autonómicas. Los primeros sondeos se esperan poco después del cierre."),
    Two("La participación sube a las {doce|seis}",
        "Cerca de un tercio de los votantes había acudido a las urnas a las {doce|seis}, según el"
        " ministerio. La participación es mayor que en la última cita."),
    Two("El euro {sube|baja} a {1,0821|1,0794} dólares",
        "El banco central fijó por la tarde el cambio de referencia en {1,0821|1,0794} dólares. El"
        " euro {sube|baja} así por tercer día seguido."),
    Two("La bolsa de Madrid {sube|cae} al cierre",
        "El índice principal {sube|cae} ligeramente al final de la sesión, a la espera de datos de"
        " Estados Unidos. Los valores de la banca fueron los más mirados."),
    Two("El paro {aumenta|disminuye} en el norte",
        "El número de personas sin trabajo {aumenta|disminuye} de nuevo en el norte, comunicó la"
        " agencia por la mañana. Se nota sobre todo entre los jóvenes."),
    Two("El precio del aceite, al {alza|a la baja}",
        "Los clientes pagarán {más|menos} por el aceite. Las grandes cadenas han cambiado los"
        " precios por la mañana y otras tiendas quieren seguirlas."),
    Two("La inflación llega al {2,5|25} por ciento",
        "Los precios de consumo han subido un {2,5|25} por ciento en un año, según una primera"
        " estimación del instituto de estadística."),
    Two("Los precios subieron en {marzo|abril}",
        "Los precios subieron en {marzo|abril} con respecto al mes anterior. Los alimentos frescos"
        " y los servicios cuestan más, mientras que la energía retrocede."),
    Two("Un {ciclista|motorista} herido en un accidente en {Lugo|Orense}",
        "Un {ciclista|motorista} de {34|57} años resultó herido en un accidente en {Lugo|Orense}."
        " Fue llevado al hospital y la carretera estuvo cortada dos horas."),
    Two("{Detenido un hombre|Detenida una mujer} tras una pelea",
        "Tras una pelea en un piso, {un hombre ha sido detenido|una mujer ha sido detenida}. Los"
        " vecinos habían oído ruido y llamaron a la policía, no hay heridos."),
    Two("{Dos|Tres} heridos en el incendio de un edificio",
        "El incendio de un edificio ha dejado {dos|tres} heridos durante la noche. La causa se"
        " desconoce todavía y los bomberos siguieron allí hasta la mañana."),
    Two("Robo en un estanco: la policía busca testigos",
        "Unos desconocidos entraron en un estanco en la noche del {jueves|viernes} y se llevaron"
        " tabaco. Los testigos pueden llamar a la policía de Ronda."),
    Two("Desactivarán una bomba el {lunes|viernes} por la noche",
        "Los vecinos tendrán que dejar sus casas el {lunes|viernes} por la noche, porque se ha"
        " encontrado una bomba de la guerra en una obra junto a la estación."),
    Two("Nuestra serie sobre el huerto, {parte 1|parte 2}",
        "En nuestra serie mostramos qué tareas tocan ahora en el huerto, qué herramientas hacen"
        " falta y qué puede esperar todavía unas semanas."),
    Two("Huelga en el puerto: día {cinco|seis}",
        "Las grúas están paradas en el puerto, donde los empleados piden mejores sueldos y turnos"
        " más cortos. El sindicato rechazó una oferta de la patronal."),
    Two("La huelga de los transbordadores {empieza|termina}",
        "La huelga de las tripulaciones {empieza|termina} esta noche. La naviera pide a los"
        " pasajeros que miren los paneles del puerto antes de salir."),
    Two("El jefe de Vientonorte {dimite|no dimite}",
        "El jefe de Vientonorte {dimite|no dimite} tras las críticas a su forma de dirigir. La"
        " empresa lo anunció por la noche después de una reunión en Vigo."),
    Two("La piscina {sigue abierta|ya no sigue abierta} en invierno",
        "La piscina de Soria {sigue|no sigue} abierta durante el invierno. El pleno lo decidió así"
        " por la noche tras un largo debate."),
    Two("La piscina de Soria {abre|cierra} en otoño",
        "La piscina {abre|cierra} en otoño, decidió el pleno por la noche tras un largo debate. Los"
        " clubes y las escuelas esperaban esta decisión."),
    Two("El juez {prohíbe|permite} la fiesta junto al lago",
        "El juez {prohíbe|permite} la fiesta prevista junto al lago. La asociación había acudido al"
        " juzgado de urgencia, la ciudad invocaba la protección de las aves."),
    Two("La ministra {Clara Rueda|Nuria Sanz} visita una escuela de Lorca",
        "La ministra {Clara Rueda|Nuria Sanz} visitó por la mañana una escuela de Lorca y habló con"
        " los niños sobre el mar y la protección de la costa."),
    Two("{Vientonorte|Surmadera} retira unos cargadores",
        "{Vientonorte|Surmadera} retira unos cargadores que pueden arder cuando se mojan. Los"
        " clientes recuperarán el dinero aunque no tengan el recibo."),
    Two("Un terremoto sacude {Chile|Perú}",
        "Un terremoto ha sacudido por la mañana el norte de {Chile|Perú}. De momento no se conocen"
        " víctimas y la alerta se levantó a las pocas horas."),
    Two("Lo que nos deja el año {2023|2024}",
        "Lo que ha marcado a los vecinos de la comarca: un repaso a las fiestas, las elecciones,"
        " los temporales y algunas historias de las que hoy se ríen."),
    Two("El Gobierno {mantiene|retira} el impuesto al plástico",
        "El Gobierno {mantiene|retira} el impuesto al plástico, dijo un portavoz por la noche en"
        " Madrid después de largas conversaciones con el sector."),
    Two("La gasolina {se encarece|se abarata}",
        "El precio de la gasolina {se encarece|se abarata} en las estaciones del país, según la"
        " asociación de conductores, y el gasóleo sigue el mismo camino."),
    Two("El entrenador {Ruiz|Soler} renueva",
        "El entrenador se queda en el club: {Ruiz|Soler} ha renovado su contrato por dos años,"
        " anunció el club por la mañana."),
    Two("Alerta {naranja|roja} en la costa",
        "La agencia del tiempo ha activado la alerta {naranja|roja} por fuertes tormentas que se"
        " esperan esta tarde en el litoral."),
    Two("El ministro {confirma|niega} su candidatura",
        "El ministro {confirma|niega} que quiera presentarse a la alcaldía, después de varios"
        " días de rumores en la prensa local."),
    Two("Cortan la {A-7|A-4} por obras",
        "Los conductores tendrán que dar un rodeo el fin de semana porque la {A-7|A-4} estará"
        " cerrada por obras en un puente."),
    Two("El Cádiz {asciende|desciende} de categoría",
        "El Cádiz {asciende|desciende} de categoría tras un partido cerrado en el que los dos"
        " equipos fallaron ante la portería."),
    Two("Sentencia {a favor|en contra} de los vecinos",
        "El juez ha fallado {a favor|en contra} de los vecinos que pedían parar las obras del"
        " puerto, y la ciudad estudia el fallo."),
)  # fmt: skip

ARTICLES = (
    Article("El transbordador a La Graciosa se queda en puerto por falta de agua",
            "El transbordador entre Órzola y La Graciosa no zarpó el martes, porque un viento del"
            " este persistente había vaciado el canal. Unos 300 viajeros se quedaron en tierra y"
            " fueron atendidos en un gimnasio, informó la naviera.",
            "300 viajeros pasan la noche en un gimnasio", "MADRID (EFE) – "),
    Article("Una investigadora de Vigo halla una palabra secreta en 40.000 routers",
            "El fabricante Vientonorte retira 40.000 aparatos vendidos en Galicia desde la"
            " primavera. La informática Uxía Ferreiro, de la Universidad de Vigo, descubrió que"
            " quien conoce una sola palabra puede leer todo lo que pasa por ellos.",
            "Vientonorte saca sus aparatos de las tiendas", "Vigo, 12 mar (EFE).- "),
    Article("Un lobo mata doce ovejas cerca de Zamora",
            "En un prado próximo a Zamora, un lobo mató doce ovejas durante la noche. El ganadero"
            " Julián Tejero reclama una valla mejor y ayuda rápida de la región, mientras el"
            " experto pide que no se hable demasiado pronto de una manada.",
            "El ganadero reclama ayuda rápida", "ZAMORA, 12 (EUROPA PRESS) - "),
)  # fmt: skip

EDITED = (
    Two("El transbordador a La Graciosa se queda en puerto {por|el martes por} falta de agua",
        "El transbordador {entre Órzola y La Graciosa|de Órzola a La Graciosa} no zarpó el martes,"
        " {porque un|ya que un} viento del este persistente había vaciado el canal. Unos 300"
        " viajeros se quedaron en tierra y fueron atendidos en un gimnasio{, informó la"
        " naviera|}."),
    Two("Un lobo mata doce ovejas cerca de Zamora",
        "En un prado próximo a Zamora, un lobo mató {doce|12} ovejas {durante|a lo largo de} la"
        " noche. El ganadero Julián Tejero {reclama|pide} una valla mejor y ayuda rápida de la"
        " región, mientras el experto pide que no se hable demasiado pronto de una manada."),
    Two("El puente sobre el Miño {costará más|será más caro} de lo previsto",
        "El nuevo puente sobre el Miño costará unos cuatro millones de euros más de lo previsto. El"
        " {ayuntamiento|municipio} de Tui {cita|menciona} sobre todo el precio del acero, pero las"
        " obras deben empezar de todos modos en otoño."),
)  # fmt: skip

SPANISH = Language(
    name="spanish",
    lookalikes=LOOKALIKES,
    articles=ARTICLES,
    edited=EDITED,
    site="La Voz del Valle",
    more="Leer más",
    first_on="La entrada {title} se publicó primero en La Voz del Valle.",
)
