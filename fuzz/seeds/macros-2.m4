# serial 3
m4_define([a],[b])
AC_DEFUN_ONCE([AM_X],[$0 $@])
m4_undefine([AC_INIT])
m4_rename([x],[y])
