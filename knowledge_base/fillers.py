"""Words that say nothing by themselves: a sentence of these alone ("is anyone else seeing this?") names no matter."""

from typing import Final

_ENGLISH: Final = """
a an the this that these those it its it's that's there here and or but so if then than as at by for from in into of
on to with without about i i'm i've i'd me my mine we we're us our you your u he she they them their who what which
when where why how is isn't are aren't was were be been being am do does doesn't did don't didn't have has had haven't
can could can't couldn't will would won't should may might must shall not no yes yeah yep ok okay please pls plz
thanks thank thx hello hi hey all everyone everybody guys folks team anyone anybody someone somebody any some else
also too same me-too +1 ditto help ideas idea know knows knew see sees seeing seen get getting got experiencing
happening happens happened having issue issues problem problems question thing things just really very still again now
today maybe wondering wonder tell let fix solve solution right correct wrong happen one anything something quick sorry
cheers appreciated advance
"""
_OTHERS: Final = """
ich du er sie es wir ihr der die das den dem ein eine einen und oder aber auch nicht kein ist sind war hat haben kann
könnt jemand weiß bitte danke hilfe problem gleiche selbe hier noch mal das-gleiche wie was warum wer mir mich bei zu
el la los las un una y o pero también no es son está están ha han alguien sabe ayuda por favor gracias mismo misma aquí
me mi yo que qué como cómo le les des une et ou mais aussi pas est sont ai a quelqu'un sait aide s'il vous plaît merci
même ici je moi que quoi comment il lo gli uno ma anche non è sono qualcuno sa aiuto grazie stesso qui io che come
o os as um uma e mas também não é são alguém sabe ajuda obrigado mesmo aqui eu
"""

FILLERS: Final = frozenset((_ENGLISH + _OTHERS).split())
