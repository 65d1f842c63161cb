//! Opcodes by operator and operand form.

use crate::ast::{BinOp, CmpOp};
use crate::opcode::Op;

/// `b op c` with two registers.
pub(super) fn binary(op: BinOp) -> Op {
    match op {
        BinOp::Add => Op::AddRR,
        BinOp::Sub => Op::SubRR,
        BinOp::Mul => Op::MulRR,
        BinOp::TrueDiv => Op::TrueDivRR,
        BinOp::FloorDiv => Op::FloorDivRR,
        BinOp::Mod => Op::ModRR,
        BinOp::Pow => Op::PowRR,
        BinOp::LShift => Op::LShiftRR,
        BinOp::RShift => Op::RShiftRR,
        BinOp::And => Op::AndRR,
        BinOp::Or => Op::OrRR,
        BinOp::Xor => Op::XorRR,
        BinOp::MatMul => Op::MatMulRR,
    }
}

/// With a constant on the right.
pub(super) fn binary_constant(op: BinOp) -> Option<Op> {
    Some(match op {
        BinOp::Add => Op::AddRK,
        BinOp::Sub => Op::SubRK,
        BinOp::Mul => Op::MulRK,
        BinOp::TrueDiv => Op::TrueDivRK,
        BinOp::FloorDiv => Op::FloorDivRK,
        BinOp::Mod => Op::ModRK,
        BinOp::Pow => Op::PowRK,
        BinOp::LShift => Op::LShiftRK,
        BinOp::RShift => Op::RShiftRK,
        BinOp::And => Op::AndRK,
        BinOp::Or => Op::OrRK,
        BinOp::Xor => Op::XorRK,
        BinOp::MatMul => return None,
    })
}

/// With a constant on the left.
pub(super) fn constant_binary(op: BinOp) -> Option<Op> {
    Some(match op {
        BinOp::Add => Op::AddKR,
        BinOp::Sub => Op::SubKR,
        BinOp::Mul => Op::MulKR,
        BinOp::TrueDiv => Op::TrueDivKR,
        _ => return None,
    })
}

/// `b op= c`.
pub(super) fn in_place(op: BinOp) -> Op {
    match op {
        BinOp::Add => Op::IAddRR,
        BinOp::Sub => Op::ISubRR,
        BinOp::Mul => Op::IMulRR,
        BinOp::TrueDiv => Op::ITrueDivRR,
        BinOp::FloorDiv => Op::IFloorDivRR,
        BinOp::Mod => Op::IModRR,
        BinOp::Pow => Op::IPowRR,
        BinOp::LShift => Op::ILShiftRR,
        BinOp::RShift => Op::IRShiftRR,
        BinOp::And => Op::IAndRR,
        BinOp::Or => Op::IOrRR,
        BinOp::Xor => Op::IXorRR,
        BinOp::MatMul => Op::IMatMulRR,
    }
}

/// A comparison that leaves a value.
pub(super) fn compare(op: CmpOp) -> Op {
    match op {
        CmpOp::Lt => Op::LtRR,
        CmpOp::Le => Op::LeRR,
        CmpOp::Eq => Op::EqRR,
        CmpOp::Ne => Op::NeRR,
        CmpOp::Gt => Op::GtRR,
        CmpOp::Ge => Op::GeRR,
        CmpOp::Is => Op::Is,
        CmpOp::IsNot => Op::IsNot,
        CmpOp::In => Op::In,
        CmpOp::NotIn => Op::NotIn,
    }
}

/// With a constant on the right.
pub(super) fn compare_constant(op: CmpOp) -> Option<Op> {
    Some(match op {
        CmpOp::Lt => Op::LtRK,
        CmpOp::Le => Op::LeRK,
        CmpOp::Eq => Op::EqRK,
        CmpOp::Ne => Op::NeRK,
        CmpOp::Gt => Op::GtRK,
        CmpOp::Ge => Op::GeRK,
        _ => return None,
    })
}

/// A comparison that jumps, with two registers.
pub(super) fn branch(op: CmpOp, sense: bool) -> Op {
    match (op, sense) {
        (CmpOp::Lt, true) => Op::IfLtRR,
        (CmpOp::Le, true) => Op::IfLeRR,
        (CmpOp::Eq, true) => Op::IfEqRR,
        (CmpOp::Ne, true) => Op::IfNeRR,
        (CmpOp::Gt, true) => Op::IfGtRR,
        (CmpOp::Ge, true) => Op::IfGeRR,
        (CmpOp::Lt, false) => Op::UnlessLtRR,
        (CmpOp::Le, false) => Op::UnlessLeRR,
        (CmpOp::Eq, false) => Op::UnlessEqRR,
        (CmpOp::Ne, false) => Op::UnlessNeRR,
        (CmpOp::Gt, false) => Op::UnlessGtRR,
        (CmpOp::Ge, false) => Op::UnlessGeRR,
        (CmpOp::Is, true) | (CmpOp::IsNot, false) => Op::IfIs,
        (CmpOp::Is, false) | (CmpOp::IsNot, true) => Op::UnlessIs,
        (CmpOp::In, true) | (CmpOp::NotIn, false) => Op::IfIn,
        (CmpOp::In, false) | (CmpOp::NotIn, true) => Op::UnlessIn,
    }
}

/// With a small integer on the right.
pub(super) fn branch_integer(op: CmpOp, sense: bool) -> Option<Op> {
    Some(match (op, sense) {
        (CmpOp::Lt, true) => Op::IfLtRI,
        (CmpOp::Le, true) => Op::IfLeRI,
        (CmpOp::Eq, true) => Op::IfEqRI,
        (CmpOp::Ne, true) => Op::IfNeRI,
        (CmpOp::Gt, true) => Op::IfGtRI,
        (CmpOp::Ge, true) => Op::IfGeRI,
        (CmpOp::Lt, false) => Op::UnlessLtRI,
        (CmpOp::Le, false) => Op::UnlessLeRI,
        (CmpOp::Eq, false) => Op::UnlessEqRI,
        (CmpOp::Ne, false) => Op::UnlessNeRI,
        (CmpOp::Gt, false) => Op::UnlessGtRI,
        (CmpOp::Ge, false) => Op::UnlessGeRI,
        _ => return None,
    })
}

/// With a constant on the right.
pub(super) fn branch_constant(op: CmpOp, sense: bool) -> Option<Op> {
    Some(match (op, sense) {
        (CmpOp::Eq, true) => Op::IfEqRK,
        (CmpOp::Ne, true) => Op::IfNeRK,
        (CmpOp::Eq, false) => Op::UnlessEqRK,
        (CmpOp::Ne, false) => Op::UnlessNeRK,
        _ => return None,
    })
}
