# SPDX-License-Identifier: MIT
"""Parts: objects whose value is inside another object."""
import copy
import gc
import pickle
import sys
import threading
import weakref

import pytest

import parts_ext as x
from conftest import OF_A_LOCAL


def collect_until_gone(reference):
    gc.collect()
    assert reference() is None


# --- What a part is --------------------------------------------------------------------------------------------------


def test_a_part_is_of_its_own_class_and_changes_its_owner():
    car = x.Car()
    assert type(car.engine) is x.Engine and isinstance(car.engine, x.Engine)
    car.engine.start()
    car.engine.power += 9
    assert car.engine.power == 110 and car.engine.add(5) == 115 and car.engine.plus(1) == 116
    assert x.Car.engine.__doc__ == "What drives it."


def test_the_same_part_is_the_same_object_while_one_lives():
    car = x.Car()
    engine = car.engine
    assert car.engine is engine and x.Car().engine is not engine
    assert engine.block is engine.block and engine.block.bolt is engine.block.bolt
    engine.mark = "mine"
    assert car.engine.mark == "mine"
    del engine
    assert not hasattr(car.engine, "mark")


def test_different_ways_to_one_value_are_different_objects():
    car = x.Car()
    assert car.engine is not car.motor and car.engine is not car.label and car.engine is not car.plate
    car.engine.power = 3
    assert car.motor.power == 3 and car.label.power == 3 and car.plate.power == 7


def test_parts_of_parts():
    car = x.Car()
    bolt = car.engine.block.bolt
    bolt.grow()
    car.engine.block.bolt.size += 1
    assert bolt.size == 3 and car.engine.block.bolt.doubled() == 6
    assert type(bolt) is x.Bolt
    car.engine.block.bolt = x.Bolt()
    assert bolt.size == 1
    car.engine = x.Engine(5)
    assert bolt.size == 1 and car.engine.power == 5


def test_a_part_keeps_its_owner_alive():
    car = x.Car()
    gone = weakref.ref(car)
    bolt = car.engine.block.bolt
    before = x.live()
    del car
    assert gone() is not None and x.live() == before
    bolt.grow()
    assert bolt.size == 2
    del bolt
    collect_until_gone(gone)


def test_a_part_holds_one_reference_to_its_owner():
    car = x.Car()
    before = sys.getrefcount(car)
    engine = car.engine
    assert sys.getrefcount(car) == before + 1
    block = engine.block
    again = car.engine
    assert sys.getrefcount(car) == before + 1
    assert sys.getrefcount(block) == OF_A_LOCAL and sys.getrefcount(engine) == OF_A_LOCAL + 2
    with pytest.raises(RuntimeError):
        engine.fail()
    engine.start(), engine.plus(1), engine == engine, repr(engine)
    assert sys.getrefcount(car) == before + 1
    del engine, again, block
    assert sys.getrefcount(car) == before


def test_parts_leave_nothing_behind(assert_no_growth):
    car, garage = x.Car(), x.Garage()
    garage.add(1)

    def use():
        car.engine.block.bolt.grow()
        car.motor.start()
        car.engine = car.engine
        garage.strongest().seen_bolt().size
        garage.find(1)
        garage.engines[0].block.bolt.grow()
        with pytest.raises(RuntimeError):
            car.label.start()
        part = car.engine
        part.me = part

    assert_no_growth(use)


def test_a_copy_is_an_object_on_its_own():
    car = x.Car()
    car.engine.power = 8
    for own in (copy.copy(car.engine), copy.deepcopy(car.engine), pickle.loads(pickle.dumps(car.engine)),
                car.engine.twin()):
        assert type(own) is x.Engine and own.power == 8 and own == car.engine
        own.start()
        assert car.engine.power == 8
        assert gc.is_tracked(own)
    assert x.by_value(car.engine) == 9 and car.engine.power == 8


def test_classes_that_are_parts_and_nothing_else_work_as_before():
    bolt = x.Bolt()
    bolt.grow()
    assert bolt.size == 2 and not gc.is_tracked(bolt) and sys.getsizeof(bolt) > 0
    assert gc.is_tracked(x.Car().bolt)
    bolts = [x.Bolt() for _ in range(1000)]
    gc.collect()
    holder = {"bolt": bolt, "t": (bolt, bolt)}
    gc.collect()
    assert holder["t"][0] is bolt and gc.get_referents(bolt) in ([], [x.Bolt])
    del bolts
    with pytest.raises(TypeError):
        object.__new__(x.Bolt)
    with pytest.raises(TypeError):
        copy.copy(bolt)


def test_methods_of_all_kinds_work_on_a_part():
    car = x.Car()
    engine = car.engine
    assert engine.tuned() is engine and engine.power == 200
    assert engine(2, 3) == 206 and engine.detached(2, 3) == 206 and engine.detached(b"x"[0], 1) == 320
    assert len(engine) == 200 and repr(engine) == "Engine(200)" and hash(engine) == 200
    assert engine[5] == 205 and 200 in engine and 1 not in engine
    engine[1] = 9
    assert engine.power == 10
    assert type(engine + engine) is x.Engine and (engine + x.Engine(1)).power == 11
    assert (x.Engine(1) + engine).power == 11
    same = engine
    same += x.Engine(5)
    assert same is engine and car.engine.power == 15
    with pytest.raises(RuntimeError, match="no fuel"):
        engine.fail()
    with pytest.raises(RuntimeError, match="no gauge"):
        engine.fail_read()
    engine.start()
    assert engine.power == 16
    with pytest.raises(TypeError):
        engine.power = "many"
    with pytest.raises((TypeError, AttributeError)):
        del engine.power
    with pytest.raises(TypeError):
        engine.plus("x")


def test_comparisons_take_parts_on_both_sides():
    car, other = x.Car(), x.Engine(100)
    assert car.engine == other and other == car.engine and car.engine == car.engine
    assert car.engine <= other and not car.engine < other and car.engine > car.plate and car.plate < car.engine
    assert car.engine != 3 and not car.engine == "x"
    with pytest.raises(TypeError):
        car.engine < 3


def test_parts_go_into_all_kinds_of_parameters():
    car = x.Car()
    engine = car.engine
    assert x.read(engine) == 100
    x.write(engine, 5)
    assert car.engine.power == 5 and x.by_value(engine) == 6 and x.by_guard(engine) == 5
    x.by_guard_mut(engine, 7)
    assert car.engine.power == 7 and x.by_handle(engine) is engine
    assert x.read_two(engine, engine) == 14 and x.read_many([engine, x.Engine(1), engine]) == 15
    assert x.write_one(engine, x.Engine(1)) == 8 and x.try_both(engine) == "shared exclusive"
    x.swap_engines(engine, x.Engine(3))
    assert car.engine.power == 3
    x.swap_engines(engine, engine)
    assert car.engine.power == 3


def test_bases_and_derived_classes():
    car = x.Car()
    assert x.read_seat(car.seat) == 4 and x.read_seat(car.sofa) == 4 and x.read_seat(car.throne) == 5
    x.saw_seat(car.sofa)
    car.sofa.saw()
    car.sofa.fluff()
    assert car.sofa.legs == 2 and car.sofa.stand() == 2 and car.sofa.cushions == 4
    assert isinstance(car.sofa, x.Seat) and x.read_base(car.sofa) == 2
    x.into_base(car.sofa)
    assert car.sofa.legs == 1
    car.seat = car.sofa  # The base's part of it, as C++ has it.
    assert type(car.seat) is x.Seat and car.seat.legs == 1
    car.sofa = x.Sofa(9)
    assert car.sofa.legs == 9
    with pytest.raises(TypeError, match="sofa"):
        car.sofa = x.Seat()
    x.into_base(x.Sofa())
    assert car.throne.king is None
    marker = object()
    before = sys.getrefcount(marker)
    car.throne.king = marker
    assert sys.getrefcount(marker) == before + 1 and car.throne.king is marker
    car.throne.saw()
    assert car.throne.legs == 4
    car.throne.king = None
    assert sys.getrefcount(marker) == before


class PythonSeat(x.Seat):
    def __init__(self, legs=4):
        self.note = "note"

    def __del__(self):
        pass


class SlotSeat(x.Seat):
    __slots__ = ("note",)


class PythonSofa(x.Sofa):
    pass


@pytest.mark.parametrize("cls", [PythonSeat, SlotSeat, PythonSofa])
def test_python_subclasses_of_a_class_whose_objects_may_be_parts(cls, assert_no_growth):
    seat = cls(3)
    seat.note = seat
    seat.saw()
    assert seat.legs == 2 and x.read_seat(seat) == 2 and gc.is_tracked(seat)
    car = x.Car()
    car.seat = seat
    assert type(car.seat) is x.Seat and car.seat.legs == 2
    gone = weakref.ref(seat) if hasattr(seat, "__weakref__") else None
    del seat
    if gone is not None:
        collect_until_gone(gone)

    def use():
        cycle = cls(1)
        cycle.note = cycle
        with pytest.raises(ValueError):
            cls(-1)

    assert_no_growth(use)


def test_python_subclasses_pickle_and_copy():
    seat = PythonSeat(3)
    again = pickle.loads(pickle.dumps(seat))
    assert type(again) is PythonSeat and again.legs == 3 and again.note == "note" and gc.is_tracked(again)
    assert copy.copy(seat).legs == 3 and copy.deepcopy(seat).legs == 3
    car = x.Car()
    own = pickle.loads(pickle.dumps(car.seat))
    assert type(own) is x.Seat and own.legs == 4 and not gc.is_tracked(own)


def test_a_constructor_that_throws_leaves_nothing():
    before = x.live()
    for _ in range(10):
        with pytest.raises(ValueError):
            x.Engine(-1)
        with pytest.raises(ValueError):
            x.Seat(-1)
        with pytest.raises(ValueError):
            PythonSeat(-1)
    assert x.live() == before


def test_freelist():
    for _ in range(3):
        pearls = [x.Pearl() for _ in range(10)]
        car = x.Car()
        parts = [car.pearl for _ in range(3)] + [x.Car().pearl for _ in range(9)]
        parts[0].weight = 5
        assert car.pearl.weight == 5
        del pearls, parts
        assert [x.Pearl().weight for _ in range(6)] == [1] * 6 and car.pearl.weight == 5


def test_the_finalizer_is_for_values_that_die():
    before = x.finalized()
    car = x.Car()
    ghost = car.ghost
    ghost.me = ghost
    del ghost
    gc.collect()
    car.ghost
    assert x.finalized() == before
    x.Ghost()
    assert x.finalized() == before + 1
    cycle = x.Ghost()
    cycle.me = cycle
    del cycle
    gc.collect()
    assert x.finalized() == before + 2


# --- Assignment ------------------------------------------------------------------------------------------------------


def test_assignment_replaces_the_value_and_parts_see_the_new_one():
    car = x.Car()
    engine = car.engine
    new = x.Engine(7)
    car.engine = new
    assert engine.power == 7 and car.engine is engine
    new.start()
    assert engine.power == 7
    car.engine = car.engine
    car.engine = engine
    assert engine.power == 7
    for wrong in (3, None, "x", x.Bolt()):
        with pytest.raises(TypeError, match="engine"):
            car.engine = wrong
    with pytest.raises((TypeError, AttributeError)):
        del car.engine
    for name in ("plate", "label", "motor", "trunk", "throne_"):
        with pytest.raises(AttributeError):
            setattr(car, name, x.Engine()) if name != "throne_" else setattr(x.Engine(1).block, "fixed", x.Bolt())


# --- What cannot be changed ------------------------------------------------------------------------------------------


def refuses_changes(engine):
    power = engine.power
    for change in (engine.start, lambda: engine.add(1), lambda: setattr(engine, "power", 1),
                   lambda: x.write(engine, 1), lambda: x.by_guard_mut(engine, 1), lambda: engine.tuned(),
                   lambda: engine.__setitem__(0, 1), lambda: engine.__iadd__(engine), lambda: setattr(engine, "block", x.Engine().block),
                   lambda: engine.block.bolt.grow(), lambda: setattr(engine.block.bolt, "size", 3),
                   lambda: engine.block.loose.grow()):
        with pytest.raises(RuntimeError):
            change()
    assert engine.power == power and engine.plus(1) == power + 1 and engine.block.bolt.size == 1
    assert engine.block.fixed.doubled() == 2 and engine == engine and x.read(engine) == power
    assert x.by_value(engine) == power + 1 and x.by_guard(engine) == power and copy.copy(engine).power == power


def test_parts_given_out_as_const_can_only_be_read():
    car = x.Car()
    refuses_changes(car.plate)
    refuses_changes(car.label)
    car.attach(4)
    refuses_changes(car.towed)
    with pytest.raises(RuntimeError, match="const"):
        car.plate.start()
    assert x.try_both(car.plate) == "shared "
    with pytest.raises(RuntimeError):
        car.engine.block.fixed.grow()
    car.engine.block.loose.grow()
    assert car.engine.block.fixed.size == 2


def test_parts_of_a_frozen_object_can_only_be_read():
    for car in (x.FrozenCar(6), x.FrozenPlain()):
        refuses_changes(car.engine)
        with pytest.raises(AttributeError):
            car.engine = x.Engine()
    with pytest.raises(RuntimeError, match="frozen"):
        x.FrozenPlain().loose.grow()
    numbers = x.FrozenPlain().numbers
    assert list(numbers) == [1, 2] and numbers == [1, 2] and numbers[0] == 1
    for change in (lambda: numbers.append(3), lambda: numbers.sort(), numbers.clear, lambda: numbers.pop(),
                   lambda: numbers.__setitem__(0, 1), numbers.reverse):
        with pytest.raises(RuntimeError):
            change()
    assert x.map_frozen(x.FrozenCar(6)) == 6
    engine = x.FrozenCar(1).engine
    assert engine.call_shared(lambda: engine.call_shared(lambda: engine.power)) == 1


# --- Borrows ---------------------------------------------------------------------------------------------------------


def busy(*acts):
    for act in acts:
        with pytest.raises(RuntimeError, match="orrowed"):
            act()


def test_while_a_part_is_used_its_owner_is_borrowed():
    car = x.Car()
    engine, bolt = car.engine, car.engine.block.bolt

    def shared():
        assert engine.power == 100 and bolt.doubled() == 2 and car.asked == 0 and car.engine is engine
        assert x.try_both(engine) == "shared "
        busy(engine.start, bolt.grow, lambda: car.stock(1), lambda: setattr(car, "engine", x.Engine()),
             lambda: car.motor.power, lambda: car.spares.append(x.Engine()))
        return 1

    def exclusive():
        assert car.engine is engine and x.try_both(engine) == ""
        busy(lambda: engine.power, lambda: bolt.size, lambda: car.asked, lambda: engine == engine,
             lambda: len(car.spares), lambda: copy.copy(engine))
        return 2

    for hold in (engine.call_shared, car.call_shared, lambda f: x.hold(engine, f), lambda f: x.map_hold(engine, f),
                 lambda f: x.hold_python(engine, f)):
        assert hold(shared) == 1
        engine.start()
        engine.power = 100
    for hold in (engine.call_exclusive, car.call_exclusive, lambda f: x.hold_mut(engine, f),
                 lambda f: x.map_hold_mut(car, f)):
        assert hold(exclusive) == 2
        engine.power = 100
    for hold in (engine.call_exclusive, engine.call_shared, lambda f: x.hold_mut(engine, f)):
        with pytest.raises(ZeroDivisionError):
            hold(lambda: 1 / 0)
        engine.start()


def test_a_method_of_the_owner_does_not_take_the_owners_part_to_change_it():
    car = x.Car()
    assert car.use(car.engine) == 100  # Both only read.
    busy(lambda: car.drive(car.engine), lambda: car.engine.copy_from(car.engine), lambda: x.write_one(car.engine, car.engine),
         lambda: x.write_one(car.engine, car.plate))
    assert car.engine.power == 100
    assert car.drive(x.Engine(1)) == 102 and car.drive(x.Car().engine) == 202
    assert car.engine.same(car.engine) and not car.engine.same(x.Car().engine)


def test_dropping_the_last_part_in_the_middle_of_its_use():
    engine = [x.Car().engine]

    def drop():
        del engine[0]
        gc.collect()
        return 1

    assert engine[0].call_exclusive(drop) == 1
    engine.append(x.Car().engine)
    assert x.hold_mut(engine[0], drop) == 1
    engine.append(x.Car().engine)
    assert x.map_hold(engine[0], drop) == 1


def test_an_exclusive_way_borrows_exclusively():
    car = x.Car()
    assert car.motor.power == 100 and car.asked == 1
    car.motor.start()
    assert car.asked == 2 and car.engine.power == 101
    busy(lambda: x.read_two(car.motor, car.engine), lambda: car.motor.call_shared(lambda: car.motor.power))


def test_a_way_that_ends_nowhere():
    car = x.Car()
    towed = car.towed
    with pytest.raises(LookupError, match="nothing is towed"):
        towed.power
    with pytest.raises(LookupError):
        x.read(towed)
    with pytest.raises(LookupError):
        towed == towed
    with pytest.raises(LookupError):
        x.by_guard(towed)
    with pytest.raises(LookupError):
        copy.copy(towed)
    with pytest.raises(LookupError):
        towed.block.bolt.size
    car.attach(3)
    assert towed.power == 3 and car.towed is towed
    bolt = towed.block.bolt
    car.attach(4)
    assert towed.power == 4 and bolt.size == 1
    assert towed.call_shared(lambda: busy(car.release)) is None
    car.release()
    with pytest.raises(LookupError):
        bolt.size
    car.engine.start()


# --- part_of ---------------------------------------------------------------------------------------------------------


def garage_of(*powers):
    garage = x.Garage()
    for power in powers:
        garage.add(power)
    return garage


def is_stale(*acts):
    for act in acts:
        with pytest.raises(RuntimeError, match="changed"):
            act()


def test_part_of_gives_a_part_where_it_is():
    garage = garage_of(1, 5, 3)
    best = garage.strongest()
    assert type(best) is x.Engine and best.power == 5 and garage.strongest() is best
    with pytest.raises(RuntimeError, match="const"):
        best.start()
    assert len(garage) == 3 and garage.strongest() is best and best.block.bolt.size == 1
    assert garage.look(5) is not best  # The same place, but to be changed.
    found = garage.look(5)
    assert garage.look(5) is found
    found.start()
    assert found.power == 6 and garage.strongest().power == 6
    is_stale(lambda: best.power, lambda: best.block.bolt.size, lambda: x.read(best), lambda: copy.copy(best))
    assert garage.look(4) is None and garage.find(4) is None
    with pytest.raises(LookupError):
        x.Garage().strongest()


@pytest.mark.parametrize("change", [
    lambda g: g.add(1), lambda g: g.clear(), lambda g: g.engines.clear(), lambda g: g.engines.append(x.Engine()),
    lambda g: setattr(g, "engines", []), lambda g: g.find(1), lambda g: g.engines[0].start(), lambda g: g.look(1).start(),
    lambda g: x.pick(0, g), lambda g: setattr(g.engines[1], "power", 3), lambda g: setattr(g.engines[1].block, "bolt", x.Bolt())])
def test_whatever_may_change_the_owner_makes_a_found_part_stale(change):
    garage = garage_of(1, 2, 3)
    found, bolt = garage.look(3), garage.look(3).block.bolt
    seen = found.seen_bolt()
    found.start()
    assert found.power == 4 and bolt.size == 1
    is_stale(lambda: seen.size)
    seen = found.seen_bolt()
    bolt.grow()
    assert found.power == 4 and bolt.size == 2
    is_stale(lambda: seen.size)
    change(garage)
    is_stale(lambda: found.power, found.start, lambda: bolt.size, bolt.grow, lambda: found.seen_bolt())
    again = garage.look(4)
    assert again is None or again is not found
    is_stale(lambda: found.power)


@pytest.mark.parametrize("read", [
    lambda g: len(g), lambda g: g.engines[0].power, lambda g: list(g.engines), lambda g: g.look(1), lambda g: g.strongest(),
    lambda g: g.engines == [], lambda g: x.pick_by("", g, x.Engine(1)), lambda g: g.strongest().power])
def test_reading_leaves_a_found_part_good(read):
    garage = garage_of(1, 2, 3)
    found = garage.look(3)
    read(garage)
    assert found.power == 3 and garage.look(3) is found
    found.start()
    read(garage)
    assert found.power == 4 and garage.look(4) is found


def test_find_and_change_may_be_repeated():
    garage = garage_of(1, 2)
    for i in range(50):
        garage.find(2 + i).start()
        garage.look(1).block.bolt.grow()
        garage[0].found_bolt().grow()
        assert garage.look(3 + i) is garage.look(3 + i)
    assert garage.strongest().power == 52 and garage.look(1).block.bolt.size == 101


def test_what_a_found_part_changes_leaves_it_and_its_owners_good():
    garage = garage_of(1, 2)
    engine = garage.look(2)
    bolt = engine.found_bolt()
    is_bolt = engine.block.bolt
    bolt.grow()
    bolt.grow()
    assert bolt.size == 3 and engine.power == 2 and is_bolt.size == 3 and garage.look(2) is engine
    engine.start()
    is_stale(bolt.grow)
    assert is_bolt.size == 3
    assert engine.found_bolt().size == 3


def test_a_found_part_of_a_part_of_an_element():
    garage = garage_of(1, 2)
    bolt = garage.engines[1].seen_bolt()
    assert bolt.size == 1
    garage.engines[0].start()
    is_stale(lambda: bolt.size)
    engine = garage.engines[1]
    bolt = engine.found_bolt()
    bolt.grow()
    bolt.grow()
    assert engine.block.bolt.size == 3
    del garage.engines[1]
    is_stale(lambda: bolt.size)
    with pytest.raises(IndexError):
        engine.power


def test_part_of_of_other_parameters_and_results():
    garage = garage_of(4, 6)
    before = sys.getrefcount(garage)
    part = x.pick(1, garage)
    assert sys.getrefcount(garage) == before + 1
    part.start()
    part.start()
    assert garage.engines[1].power == 8 and garage[1].power == 8
    with pytest.raises(IndexError):
        garage[9]
    part = x.pick_by("how", garage, x.Engine(5))
    assert part.power == 8
    with pytest.raises(RuntimeError):
        part.start()
    with pytest.raises(KeyError, match="how"):
        x.pick_by("how", garage, x.Engine(50))
    assert x.pick_by("how", garage, garage.engines[0]).power == 4
    with pytest.raises(TypeError):
        x.pick_by("how", [], x.Engine(5))
    assert garage.itself() is garage and x.Car().engine.tuned
    all_of_them = garage.all()
    assert [engine.power for engine in all_of_them] == [4, 8] and garage.all() is all_of_them
    with pytest.raises(RuntimeError):
        all_of_them.append(x.Engine())
    with pytest.raises(RuntimeError):
        all_of_them[0].start()
    garage.add(1)
    is_stale(lambda: len(all_of_them), lambda: list(all_of_them), lambda: all_of_them[0])


def test_part_of_on_a_busy_owner():
    car = x.Car()
    car.stock(2)
    assert car.spare(0).call_shared(lambda: car.spare(1).power) == 100
    busy(lambda: car.call_exclusive(lambda: car.spare(0)))
    spare = car.spare(0)
    busy(lambda: car.call_exclusive(lambda: spare.power))
    is_stale(lambda: spare.power)
    # While it is read nobody can make it stale.
    spare = car.spare(1)
    spare.call_shared(lambda: busy(car.empty))
    assert spare.power == 100
    assert car.spare(7) is None
    car.empty()
    is_stale(lambda: spare.power)


def test_a_found_part_of_what_is_behind_a_function_that_may_change_the_owner():
    lot = x.Lot()
    lot.garage.add(5)
    assert lot.asked == 1
    found = lot.garage.strongest()
    assert found.power == 5
    lot.clear()
    is_stale(lambda: found.power)
    lot.garage.add(6)
    found = lot.garage.strongest()
    lot.garage.add(7)
    is_stale(lambda: found.power)
    found = lot.garage.look(7)
    found.start()
    assert found.power == 8
    lot.field.clear()
    is_stale(lambda: found.power)


def test_a_function_that_moves_things_when_asked_makes_found_parts_stale():
    lot = x.Lot()
    lot.garage.add(5)
    lot.move(True)
    found = lot.first()
    assert found.power == 5
    lot.garage.look(5)  # Asks lot.get(), which moves all engines.
    is_stale(lambda: found.power)
    for _ in range(3):
        found = lot.garage.look(5)
        # The use of the part itself does not go by way of lot.get().
        assert found.power == 5
        found.block.bolt.grow()
        assert found.block.bolt.size >= 2
    found = lot.first()
    lot.refuse(True)
    with pytest.raises(LookupError):
        len(lot.garage)  # Removes all engines, and throws.
    is_stale(lambda: found.power)


def test_found_parts_that_die_are_forgotten(assert_no_growth):
    garage = garage_of(1)

    def use():
        garage.look(1)
        part = garage.look(1)
        part.start()
        part.power = 1
        garage.strongest().power

    assert_no_growth(use)
    parts = [garage_of(i).look(i) for i in range(300)]
    assert [part.power for part in parts] == list(range(300))


# --- map -------------------------------------------------------------------------------------------------------------


def test_guards_can_be_mapped_to_a_part():
    car = x.Car()
    for engine in (x.Engine(), car.engine):
        assert x.map_read(engine) == 1
        x.map_write(engine, 4)
        assert engine.block.bolt.size == 4 and x.map_read(engine) == 4
        assert x.map_owner(engine) is engine
        assert x.map_throws(engine) == "no block" and engine.power == 3
        engine.start()
        before = sys.getrefcount(engine)
        x.map_hold(engine, lambda: busy(engine.start))
        assert sys.getrefcount(engine) == before
    x.map_hold_mut(car, lambda: busy(lambda: car.engine.power))
    assert car.engine.power == 5
    garage = garage_of(1)
    found = garage.look(1)
    x.map_write(found, 3)
    assert x.map_read(found) == 3 and found.power == 1
    assert x.map_read(x.FrozenCar(1).engine) == 1


# --- Garbage ---------------------------------------------------------------------------------------------------------


def cycle_by_dict():
    car = x.Car()
    car.mine = car.engine
    return car


def cycle_by_field():
    car = x.Car()
    car.trunk.put(car.engine)
    return car


def cycle_by_own_field():
    car = x.Car()
    car.trunk.put(car.trunk)
    car.trunk.put(car.engine.block.bolt)
    return car


def cycle_by_dict_of_the_part():
    car = x.Car()
    car.engine.owner = car
    car.engine.again = engine = car.engine
    engine.bolt = car.engine.block.bolt
    return car


def cycle_by_iterator():
    car = x.Car()
    car.iterator = iter(car.bag)
    next(car.iterator)
    car.other = car.bag.in_order()
    car.parts = iter(car.spares)
    return car


def cycle_by_found_part():
    car = x.Car()
    car.stock(3)
    car.found = car.spare(1)
    car.bolt_ = car.found.seen_bolt()
    return car


@pytest.mark.parametrize("make", [cycle_by_dict, cycle_by_field, cycle_by_own_field, cycle_by_dict_of_the_part,
                                  cycle_by_iterator, cycle_by_found_part])
def test_cycles_of_an_owner_and_its_parts_are_garbage(make):
    before = x.live()
    for _ in range(5):
        gone = weakref.ref(make())
        assert gone() is not None
        collect_until_gone(gone)
    assert x.live() == before


def test_what_a_part_holds_lives_while_its_owner_does():
    car = x.Car()
    marker = type("Marker", (), {})()
    gone = weakref.ref(marker)
    car.trunk.put(marker)
    car.throne.king = marker
    marker.trunk = car.trunk
    del marker
    gc.collect()
    assert gone() is car.trunk.get(0) is car.throne.king
    trunk = car.trunk
    del car
    gc.collect()
    assert len(trunk) == 1 and trunk.get(0).trunk is trunk
    del trunk
    collect_until_gone(gone)


def test_weak_references_to_a_part():
    car = x.Car()
    seen = []

    def callback(reference):
        assert reference() is None
        part = car.engine  # A new one.
        part.start()
        seen.append(part)

    engine = car.engine
    reference = weakref.ref(engine, callback)
    assert reference() is engine
    del engine
    assert len(seen) == 1 and seen[0] is car.engine and car.engine.power == 101 and reference() is None
    again = weakref.ref(seen[0])
    assert again() is car.engine
    seen.clear()
    assert again() is None


def test_what_dies_with_a_part_may_ask_for_it_again():
    car = x.Car()
    seen = []

    class Dying:
        def __del__(self):
            seen.append(car.engine)

    car.engine.note = Dying()
    assert seen == [car.engine] and not hasattr(car.engine, "note")
    engine = seen.pop()
    engine.note = Dying()
    engine.me = engine
    del engine
    gc.collect()
    part = seen.pop()
    assert part.power == 100 and sys.getrefcount(part) >= OF_A_LOCAL
    del part, Dying
    gc.collect()


def test_a_long_chain_of_parts_and_owners_dies_without_recursion():
    head = None
    for _ in range(100_000):
        car = x.Car()
        car.trunk.put(head)
        head = car.trunk
    del head, car
    gc.collect()


def test_use_of_parts_while_the_collector_takes_them_apart():
    outcome = []

    class Prober:
        def __init__(self, part):
            self.part = part

        def __del__(self):
            try:
                outcome.append(self.part.power)
            except RuntimeError as error:
                outcome.append(str(error))

    for _ in range(3):
        car = x.Car()
        car.prober = Prober(car.engine)
        car.engine.prober = Prober(car.engine)
        car.trunk.put(Prober(car.engine))
        car.trunk.put(car.engine)
        del car
        gc.collect()
    assert len(outcome) == 9


def test_the_owner_replaced_and_resized_while_parts_and_iterators_live():
    car = x.Car()
    car.stock(3)
    element, iterator, spares = car.spares[2], iter(car.spares), car.spares
    bolt = element.block.bolt
    next(iterator)
    bag = iter(car.bag)
    next(bag)
    busy(lambda: car.stock(1), lambda: car.bag.add(3))  # An iterator of a set borrows for as long as it lives.
    assert list(bag) == [2, 3]
    order = car.bag.in_order()
    next(order)
    car.bag.add(9)
    assert list(order) == [2, 3, 9] and list(reversed(car.bag)) == [9, 3, 2, 1]
    car.empty()
    for act in (lambda: element.power, element.start, lambda: bolt.size, lambda: copy.copy(element)):
        with pytest.raises(IndexError):
            act()
    assert list(iterator) == [] and len(spares) == 0
    car.stock(5)
    assert element.power == 100 and bolt.size == 1 and element is car.spares[2] and list(iterator) == []
    car.spares = [x.Engine(i) for i in range(9)]
    assert element.power == 2 and spares[8].power == 8 and spares is car.spares
    car.spares[2] = car.spares[3]
    assert element.power == 3
    car.spares = car.spares[1:]
    assert element.power == 3 and len(spares) == 8


# --- Threads ---------------------------------------------------------------------------------------------------------


def in_thread(act):
    result = []

    def run():
        try:
            result.append(act())
        except Exception as error:
            result.append(error)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    return result[0]


def test_unsendable_parts_are_for_their_thread():
    box = x.MeterBox()
    meter = box.meter
    meter.tick()
    assert meter.count == 1
    for act in (meter.tick, lambda: meter.count, lambda: box.meter.count):
        error = in_thread(act)
        assert isinstance(error, RuntimeError) and "unsendable" in str(error)
    del meter
    error = in_thread(lambda: box.meter.count)
    assert isinstance(error, RuntimeError) and "unsendable" in str(error)
    box.meter.tick()
    assert box.meter.count == 2
    # A part has no value: it may die anywhere.
    parts = [box.meter]
    assert in_thread(lambda: parts.clear()) is None
    assert box.meter.count == 2


def test_several_threads_use_one_part():
    car, garage = x.Car(), garage_of(*range(1, 5))
    barrier = threading.Barrier(4)
    errors, counted = [], [0] * 4

    def run(number):
        barrier.wait()
        for i in range(1500):
            try:
                car.engine.start()
                counted[number] += 1
            except RuntimeError as error:
                assert "orrowed" in str(error)
            try:
                part = car.engine
                part.mark = i
                car.engine.block.bolt.size
                garage.engines[i % 6].block.bolt.grow()
                if i % 50 == number:
                    garage.clear()
                    garage.add(i)
                garage.look(3)
                found = garage.strongest()
                found.power
            except (RuntimeError, LookupError):
                pass
            except Exception as error:
                errors.append(error)

    threads = [threading.Thread(target=run, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors and car.engine.power == 100 + sum(counted)
    assert sys.getrefcount(car) >= OF_A_LOCAL
